"""Fields of the activity form that say more of a choice, or take several names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import formats

from config.forms import LongText
from partnerships.models import Board, Programme, StrategyTheme

MOST_NAMES = 20


class OneBoard(forms.ModelChoiceField):
    def label_from_instance(self, board: Board) -> str:
        return f"{board} (ended {formats.date_format(board.ended_on)})" if board.ended_on else str(board)


class OneProgramme(forms.ModelChoiceField):
    def label_from_instance(self, programme: Programme) -> str:
        over = programme.status in {"stopped", "finished"}
        return f"{programme} ({programme.get_status_display().lower()})" if over else str(programme)


class OneTheme(forms.ModelMultipleChoiceField):
    def label_from_instance(self, theme: StrategyTheme) -> str:
        return f"{theme} ({theme.strategy})"


class Names(forms.CharField):
    """Names typed one on a line."""

    widget = LongText(rows=2)

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        once: dict[str, str] = {}
        for line in super().clean(value).splitlines():
            name = " ".join(line.split())
            if name:
                once.setdefault(name.casefold(), name)
        names = list(once.values())
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(f"Enter {MOST_NAMES} names at most. There are {len(names)}.")
        for name in names:
            if len(name) > self.longest:
                raise forms.ValidationError(
                    f"“{name[:40]}…” is too long. Put each name on a line of its own."
                )
        return names
