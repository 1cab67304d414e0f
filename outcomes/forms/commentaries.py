from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from config.forms import LongText, PickOne
from outcomes.actions.commentaries import MOST_PARTNERS, Period
from outcomes.models import Commentary
from outcomes.queries.commentaries import decisions_for
from outcomes.queries.readings import Reading
from partnerships.models import Board, Decision, Organisation, Partnership
from partnerships.queries.activities import organisations_of
from people.forms.choices import OneOf, share

LENGTH = {"max_length": 5000}
PERIODS = 60


def _long(label: str, *, rows: int, required: bool = False, help_text: str = "") -> forms.CharField:
    box = LongText(rows=rows, attrs={"maxlength": LENGTH["max_length"]})
    return forms.CharField(label=label, required=required, help_text=help_text, widget=box, **LENGTH)


class CommentaryForm(forms.Form):
    """`rows` rows for partners; the page can be shown again with more."""

    period = forms.ChoiceField(label="Which period is it about?", required=False, widget=PickOne)
    story = _long(
        "What is the story behind these numbers?",
        rows=6,
        required=True,
        help_text="What helped, what got in the way, and what the figure does not show. Do not name a child, patient or family.",
    )
    what_works = _long(
        "What works, or could?",
        rows=4,
        help_text="What was tried here or elsewhere, and ideas that cost nothing.",
    )
    what_we_propose = _long("What do we propose to do?", rows=4)
    for_board = forms.ModelChoiceField(
        label="Which board should decide on it?",
        queryset=Board.objects.none(),
        required=False,
        widget=PickOne,
        help_text="It then waits on the dashboard until a decision is recorded.",
        empty_label="None: this is for information",
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        reading: Reading | None,
        commentary: Commentary | None = None,
        rows: int = 3,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = min(rows, MOST_PARTNERS)
        self.periods = _periods(reading, commentary)
        choices = [(key, period.label) for key, period in self.periods.items()]
        self.fields["period"].choices = [("", "None in particular"), *choices]
        boards = Board.objects.filter(partnership=partnership)
        now = boards.filter(ended_on=None)
        if commentary is not None:
            now |= boards.filter(pk=commentary.for_board_id)
        self.fields["for_board"].queryset = now
        names = tuple(f"partner_{row}" for row in range(self.rows))
        for row, name in enumerate(names):
            self.fields[name] = OneOf(
                label=f"Partner {row + 1}",
                queryset=Organisation.objects.none(),
                required=False,
                widget=PickOne,
            )
            self.fields[f"part_{row}"] = forms.CharField(
                label=f"Their part (partner {row + 1})", required=False, max_length=300
            )
        share(self, names, organisations_of(partnership))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for row in range(self.rows):
            if (
                said.get(f"part_{row}")
                and not said.get(f"partner_{row}")
                and f"partner_{row}" not in self.errors
            ):
                self.add_error(f"partner_{row}", ValidationError("Choose whose part this is."))
        return said

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        typed = self.cleaned_data
        names = ("story", "what_works", "what_we_propose", "for_board")
        return {name: typed[name] for name in names} | {
            "period": self.periods.get(typed["period"]),
            "partners": [
                (typed[f"partner_{row}"], typed[f"part_{row}"])
                for row in range(self.rows)
                if typed[f"partner_{row}"]
            ],
        }


def key_of(period: Period) -> str:
    return f"{period.start.isoformat()}_{period.end.isoformat()}"


def _periods(reading: Reading | None, commentary: Commentary | None) -> dict[str, Period]:
    """The newest periods that have a figure, newest first, and the one that the story is about already."""
    figures = reversed(reading.series.figures[-PERIODS:]) if reading else ()
    found = [Period(one.period_start, one.period_end, one.period_label) for one in figures]
    if commentary is not None and commentary.period_end:
        found.append(Period(commentary.period_start, commentary.period_end, commentary.period_label))
    periods: dict[str, Period] = {}
    for one in found:
        periods.setdefault(key_of(one), one)
    return periods


def initial_of(commentary: Commentary) -> dict[str, Any]:
    found: dict[str, Any] = {
        "story": commentary.story,
        "what_works": commentary.what_works,
        "what_we_propose": commentary.what_we_propose,
        "for_board": commentary.for_board_id,
    }
    if commentary.period_end:
        found["period"] = key_of(Period(commentary.period_start, commentary.period_end, ""))
    for row, partner in enumerate(commentary.partners.all()):
        found |= {f"partner_{row}": partner.organisation_id, f"part_{row}": partner.part}
    return found


class DecidedForm(forms.Form):
    decision = forms.ModelChoiceField(
        label="Which decision was it?",
        queryset=Decision.objects.none(),
        required=False,
        widget=PickOne,
        empty_label="None yet",
    )

    def __init__(self, *args: Any, commentary: Commentary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        field.queryset = decisions_for(commentary)
        field.label_from_instance = lambda one: f"{one.meeting.held_on:%d/%m/%Y}: {one.what}"
