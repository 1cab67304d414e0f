"""What the map of boards is narrowed to, and which way through it is looked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone

from config.forms import LongText, PickOne
from partnerships.models import Board, Partnership, Place, Sector
from partnerships.queries.activities import places_of

_board = partial(
    forms.TypedChoiceField,
    empty_value=None,
    widget=PickOne,
    error_messages={"required": "Choose a board.", "invalid_choice": "Choose a board of this partnership."},
)


def choose_from(
    boards: Iterable[Board], *fields: forms.TypedChoiceField, empty: str = "Choose a board or forum"
) -> None:
    """The same boards for each field, read once."""
    known = {str(board.pk): board for board in boards}
    for field in fields:
        field.choices = [
            ("", empty),
            *((key, board.name) for key, board in known.items()),
        ]
        field.coerce = known.__getitem__


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


NO_DAY = {"invalid": "Enter a real date, such as 27/3/2026."}


class InfluenceForm(forms.Form):
    """A filter that makes no sense is said, and left out."""

    mark_optional = False

    on = forms.DateField(label="On", required=False, widget=Day, error_messages=NO_DAY)
    since = forms.DateField(
        label="Compare with", required=False, widget=Day, error_messages=NO_DAY, help_text="An earlier day."
    )
    around = _board(label="One board and its neighbours", required=False, widget=forms.Select)
    place = forms.ModelChoiceField(Place.objects.none(), label="Place", required=False, empty_label="Any")
    sector = forms.ChoiceField(
        label="Sector",
        required=False,
        choices=[("", "Any"), *Sector.choices],
        help_text="For whom people sit there.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(Board.objects.filter(partnership=partnership), self.fields["around"], empty="All")
        self.fields["place"].queryset = places_of(partnership)
        self.fields["place"].error_messages["invalid_choice"] = "There is no such place here."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("since") and cleaned["since"] >= self._day(cleaned):
            self.add_error("since", "The day to compare with must be the earlier one.")
        return cleaned

    @staticmethod
    def _day(cleaned: dict[str, Any]) -> date:
        return cleaned.get("on") or timezone.localdate()

    @property
    def day(self) -> date:
        return self._day(self.cleaned_data)

    def left_out(self) -> list[str]:
        """What is wrong with the filters that make no sense, in a sentence each."""
        return [
            f"{self.fields[name].label}: {error}" for name, found in self.errors.items() for error in found
        ]


class ChannelForm(forms.Form):
    """From which board to which, on which day."""

    mark_optional = False

    start = _board(label="From")
    end = _board(label="To")
    on = forms.DateField(label="On", required=False, widget=Day, error_messages=NO_DAY)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(Board.objects.filter(partnership=partnership), self.fields["start"], self.fields["end"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("start") and cleaned.get("start") == cleaned.get("end"):
            self.add_error("end", "Choose two different boards.")
        return cleaned


class WantedLinkForm(forms.Form):
    one = _board(label="Board or forum")
    other = _board(label="The other one")
    why = forms.CharField(
        label="What is it wanted for?",
        max_length=2000,
        widget=LongText,
        help_text="Such as: what residents say there should reach the board that decides on transport.",
        error_messages={"required": "Enter what the link is wanted for."},
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        meeting = Board.objects.filter(partnership=partnership).exclude(ended_on__lt=today)
        choose_from(meeting, self.fields["one"], self.fields["other"])


class GiveUpLinkForm(forms.Form):
    because = forms.CharField(
        label="Why is it not wanted any more?",
        max_length=300,
        error_messages={"required": "Enter why it is not wanted any more."},
    )
