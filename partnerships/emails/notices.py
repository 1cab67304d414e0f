"""Mails with what people are told: one thing at once, or everything of a day or a week in one mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse

from partnerships.models import Digest, MailFrequency, Notice, NoticeKind

SALT = "partnerships.unsubscribe"
KINDS = list(NoticeKind)


# --- The way out -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WayOut:
    """What the link at the foot of a mail ends: one kind in one partnership, or all that comes this often anywhere."""

    person: int
    kind: NoticeKind | None = None
    partnership: int | None = None
    frequency: MailFrequency | None = None

    @property
    def token(self) -> str:
        """Worked out from the secret key, so that nobody can write one for somebody else; it needs no sign-in."""
        what = f"f.{self.frequency}" if self.frequency else f"k.{self.partnership}.{self.kind}"
        return Signer(salt=SALT, sep="~").sign(f"{self.person}.{what}")

    @property
    def link(self) -> str:
        return settings.BASE_URL + reverse("unsubscribe", args=[self.token])


def way_out(token: str) -> WayOut | None:
    """What a token ends; None for one that we did not make."""
    try:
        person, what, *rest = Signer(salt=SALT, sep="~").unsign(token).split(".")
    except BadSignature:
        return None
    if what == "f":
        return WayOut(int(person), frequency=MailFrequency(rest[0]))
    return WayOut(int(person), partnership=int(rest[0]), kind=NoticeKind(rest[1]))


def headed(way: WayOut) -> dict[str, str]:
    """The headers by which mail programs show a button that ends these mails in one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{way.link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def with_way_out(letter: EmailMessage, *, person: Any, partnership: Any, kind: NoticeKind) -> EmailMessage:
    """A letter about one thing, with the way to get no more of its kind."""
    way = WayOut(person.pk, partnership=partnership.pk, kind=kind)
    letter.extra_headers |= headed(way)
    letter.body = f"{letter.body.rstrip()}\n\n{foot(way, partnership)}\n"
    return letter


def foot(way: WayOut, partnership: Any) -> str:
    choose = settings.BASE_URL + reverse("notification-choices", args=[partnership.slug])
    which = (
        f"emails about this (“{NoticeKind(way.kind).label}”)"
        if way.kind
        else f"of these {MailFrequency(way.frequency)} emails"
    )
    return f"--\nChoose how often emails come: {choose}\nGet no more {which}, without signing in:\n{way.link}"


# --- The mails ---------------------------------------------------------------------------------------------------
def notice_letter(notice: Notice) -> EmailMessage:
    """One thing, at once. It carries the sentence and the link; what it is about stays behind the sign-in."""
    body = render_to_string(
        "partnerships/emails/notice.txt",
        {
            "name": notice.person.get_short_name(),
            "sentence": notice.sentence,
            "partnership": notice.partnership.name,
            "link": settings.BASE_URL + notice.path,
        },
    )
    letter = EmailMessage(notice.sentence, body.strip(), to=[notice.person.email])
    return with_way_out(
        letter, person=notice.person, partnership=notice.partnership, kind=NoticeKind(notice.kind)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One partnership's part of a digest: under each kind its lines, the newest first."""

    name: str
    page: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def digest_letter(digest: Digest, notices: Sequence[Notice]) -> EmailMessage:
    """Everything that was not read and not mailed yet, by partnership and kind. `notices` is not empty."""
    way = WayOut(digest.person_id, frequency=MailFrequency(digest.frequency))
    number = len(notices)
    span = "day" if digest.frequency == MailFrequency.DAILY else "week"
    partnerships = {notice.partnership_id: notice.partnership for notice in notices}
    where = next(iter(partnerships.values())).name if len(partnerships) == 1 else "Throughline"
    body = render_to_string(
        "partnerships/emails/digest.txt",
        {
            "name": digest.person.get_short_name(),
            "span": span,
            "number": number,
            "parts": list(_parts(notices)),
            "foot": foot(way, next(iter(partnerships.values()))),
        },
    )
    subject = f"{where}: {number} thing{'' if number == 1 else 's'} for you"
    return EmailMessage(subject, body.strip() + "\n", to=[digest.person.email], headers=headed(way))


def _parts(notices: Iterable[Notice]) -> Iterable[Part]:
    def place(notice: Notice) -> tuple[str, int]:
        return notice.partnership.name, notice.partnership_id

    def kind(notice: Notice) -> int:
        return KINDS.index(NoticeKind(notice.kind))

    for _, found in groupby(sorted(notices, key=place), key=place):
        here = list(found)
        partnership = here[0].partnership
        yield Part(
            name=partnership.name,
            page=settings.BASE_URL + reverse("my-page", args=[partnership.slug]),
            groups=tuple(
                (
                    KINDS[number].label,
                    tuple((one.sentence, settings.BASE_URL + one.path) for one in lines),
                )
                for number, lines in groupby(sorted(here, key=kind), key=kind)
            ),
        )
