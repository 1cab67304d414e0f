from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickMany, PickOne, Radios
from partnerships.models import Board, BoardLevel, Organisation, Partnership, Place, SeatKind, Vacancy
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
    terms = forms.CharField(
        label="Terms of reference",
        required=False,
        max_length=20_000,
        widget=LongText(rows=6),
        help_text="What it may decide, who sits on it, how it decides.",
    )
    meets = forms.CharField(
        label="How often does it meet?", required=False, max_length=100, help_text="Such as every six weeks."
    )
    started_on = DateField(
        label="Since when?", required=False, help_text="Leave it empty if nobody remembers."
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
    also_reports_to = forms.ModelMultipleChoiceField(
        label="Does it report to others as well?",
        queryset=Board.objects.none(),
        required=False,
        widget=PickMany(noun="boards"),
    )

    def __init__(
        self, *args: Any, partnership: Partnership, board: Board | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places_of(partnership)
        self.fields["host"].queryset = organisations_of(partnership)
        others = Board.objects.filter(partnership=partnership)
        now = others.filter(ended_on__isnull=True)
        if board is not None:
            # A board that it reported to and that has stopped since stays chosen until somebody changes it.
            now = (now | others.filter(pk=board.reports_to_id) | board.also_reports_to.all()).exclude(
                pk=board.pk
            )
        self.fields["reports_to"].queryset = now.distinct()
        self.fields["also_reports_to"].queryset = now.distinct()


class CloseBoardForm(forms.Form):
    on = DateField(label="What was or is its last day?")
    because = forms.CharField(
        label="Why does it stop meeting?",
        max_length=300,
        help_text="Such as “merged with the health and wellbeing board”. Everybody in the partnership can read it.",
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
    vacancy = forms.ModelChoiceField(
        label="Does this fill an empty seat?",
        queryset=Vacancy.objects.none(),
        required=False,
        empty_label="No, it is another seat",
    )

    def __init__(self, *args: Any, partnership: Partnership, vacancies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = known_people_of(partnership)
        self.fields["organisation"].queryset = organisations_of(partnership)
        if vacancies:
            self.fields["vacancy"].queryset = vacancies
            self.fields["vacancy"].label_from_instance = vacancy_words
        else:
            del self.fields["vacancy"]


def vacancy_words(vacancy: Vacancy) -> str:
    """Vice-chair, for Brackenford Council: somebody from the estate"""
    who = f"{vacancy.get_kind_display()}, for {vacancy.organisation}" if vacancy.organisation else ""
    who = who or vacancy.get_kind_display()
    return f"{who}: {vacancy.note}" if vacancy.note else who


class EndSeatForm(forms.Form):
    ends_on = DateField(
        label="What was or is their last day on the board?",
        help_text="They can read the board’s papers until the end of that day. To stop that at once, give yesterday.",
    )
    is_vacant = forms.BooleanField(
        label="Show the seat as vacant from the day after",
        required=False,
        help_text="The board’s page then says that somebody is looked for.",
    )
    note = forms.CharField(
        label="Who is looked for?",
        max_length=200,
        required=False,
        help_text="Such as “a parent of a child at one of the six schools”.",
    )


class VacancyForm(forms.Form):
    kind = forms.ChoiceField(
        label="Which seat is empty?", choices=SeatKind.choices, initial=SeatKind.MEMBER, widget=Radios
    )
    organisation = forms.ModelChoiceField(
        label="Which organisation should fill it?",
        queryset=Organisation.objects.none(),
        required=False,
        widget=PickOne,
    )
    note = forms.CharField(
        label="Who is looked for?",
        max_length=200,
        required=False,
        help_text="Such as “a parent of a child at one of the six schools”.",
    )
    since = DateField(label="Since when is it empty?")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)
