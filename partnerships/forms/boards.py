from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickOne, Radios
from partnerships.models import Board, BoardLevel, Organisation, Partnership, Place, SeatKind
from partnerships.queries.activities import organisations_of, places_of
from people.models import Person
from people.queries.people import known_people_of

LEVELS = {
    BoardLevel.HYPER_LOCAL: "Residents and workers of an estate, a street or a neighbourhood",
    BoardLevel.OPERATIONAL: "People who do the work together",
    BoardLevel.STEERING: "Steers one programme or piece of work",
    BoardLevel.STRATEGIC: "Decides for the whole place",
    BoardLevel.REGIONAL: "Reaches beyond the place",
}


class BoardForm(forms.Form):
    name = forms.CharField(label="Name of the board or forum", max_length=200)
    level = forms.ChoiceField(
        label="At which level does it work?", choices=BoardLevel.choices, widget=Radios(hints=LEVELS)
    )
    purpose = forms.CharField(
        label="What is it for?", required=False, max_length=2000, widget=LongText(rows=3)
    )
    meets = forms.CharField(
        label="How often does it meet?", required=False, max_length=100, help_text="Such as every six weeks."
    )
    place = forms.ModelChoiceField(
        label="For which place?", queryset=Place.objects.none(), required=False, widget=PickOne
    )
    host = forms.ModelChoiceField(
        label="Who hosts it?", queryset=Organisation.objects.none(), required=False, widget=PickOne
    )
    reports_to = forms.ModelChoiceField(
        label="Which board does it report to?", queryset=Board.objects.none(), required=False, widget=PickOne
    )

    def __init__(
        self, *args: Any, partnership: Partnership, board: Board | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places_of(partnership)
        self.fields["host"].queryset = organisations_of(partnership)
        others = Board.objects.filter(partnership=partnership, ended_on__isnull=True)
        self.fields["reports_to"].queryset = others.exclude(pk=board.pk) if board else others
        if board is not None:
            self.fields["ended_on"] = DateField(
                label="When did it stop meeting?", required=False, help_text="Leave empty while it meets."
            )


class SeatForm(forms.Form):
    person = forms.ModelChoiceField(
        label="Who takes the seat?",
        queryset=Person.objects.none(),
        widget=PickOne,
        help_text="Somebody who is not in the list yet is added under People and organisations first.",
    )
    kind = forms.ChoiceField(
        label="As what?", choices=SeatKind.choices, initial=SeatKind.MEMBER, widget=Radios
    )
    organisation = forms.ModelChoiceField(
        label="For which organisation?", queryset=Organisation.objects.none(), required=False, widget=PickOne
    )
    starts_on = DateField(label="From which day?")
    ends_on = DateField(
        label="Until which day?", required=False, help_text="Leave empty if it is open-ended."
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = known_people_of(partnership)
        self.fields["organisation"].queryset = organisations_of(partnership)


class EndSeatForm(forms.Form):
    ends_on = DateField(label="What was or is their last day on the board?")
