"""How often mails come, kind by kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from config.forms import Radios
from partnerships.models import MailFrequency, NoticeKind

# What belongs together on the page, in the order in which it is read.
GROUPS = (
    (
        "What waits for you",
        (NoticeKind.MENTION, NoticeKind.COMMITMENT, NoticeKind.RETURN, NoticeKind.AGREEMENT),
    ),
    ("What became of what you did", (NoticeKind.REVIEW, NoticeKind.DISCUSSION, NoticeKind.VOICE)),
    ("What is new", (NoticeKind.MEETING, NoticeKind.MEASURE, NoticeKind.REPORT)),
)
SHORT = {
    MailFrequency.AT_ONCE: "At once",
    MailFrequency.DAILY: "Daily",
    MailFrequency.WEEKLY: "Weekly",
    MailFrequency.NEVER: "Never",
}


class ChoicesForm(forms.Form):
    """One question for each kind of thing that this person may be told."""

    def __init__(self, *args: Any, kinds: Collection[NoticeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in (one for _, group in GROUPS for one in group if one in kinds):
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=[(frequency.value, words) for frequency, words in SHORT.items()],
                widget=Radios(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
            )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        found = [
            (title, [self[kind.value] for kind in group if kind.value in self.fields])
            for title, group in GROUPS
        ]
        return [(title, fields) for title, fields in found if fields]

    @property
    def frequencies(self) -> Mapping[NoticeKind, MailFrequency]:
        return {NoticeKind(kind): MailFrequency(said) for kind, said in self.cleaned_data.items()}
