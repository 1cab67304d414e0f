"""Notices as rows of plain data, for partnerships/notices/_rows.html."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from config.words import moment_words
from partnerships.models import Notice, NoticeKind

WORDS = {
    NoticeKind.MENTION: ("Names you", "blue"),
    NoticeKind.COMMITMENT: ("Commitment", "yellow"),
    NoticeKind.RETURN: ("Figures", "yellow"),
    NoticeKind.MEETING: ("Meeting", "pine"),
    NoticeKind.VOICE: ("Voice", "purple"),
    NoticeKind.REVIEW: ("Review", "orange"),
    NoticeKind.DISCUSSION: ("Comment", "blue"),
    NoticeKind.MEASURE: ("Measure", "green"),
    NoticeKind.REPORT: ("Report", "grey"),
    NoticeKind.AGREEMENT: ("Agreement", "yellow"),
}


def notice_row(notice: Notice, slug: str) -> dict[str, Any]:
    text, tone = WORDS[NoticeKind(notice.kind)]
    return {
        "key": notice.pk,
        "title": notice.sentence,
        "url": notice.path,
        "meta": moment_words(notice.happened_at),
        "tag": {"text": text, "tone": tone},
        "is_new": notice.seen_at is None,
        "read_url": "" if notice.seen_at else reverse("notice-read", args=[slug, notice.pk]),
    }
