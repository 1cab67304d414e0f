"""The filters of the activity log."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import formats

from config.forms import PickOne
from outcomes.models import Outcome
from partnerships.forms.activities import choices_of
from partnerships.models import (
    Board,
    Organisation,
    Partnership,
    Place,
    Programme,
    ReviewStatus,
    Sector,
    StrategyTheme,
)
from partnerships.queries import own_kinds
from partnerships.queries.activities import ActivityFilters
from people.models import Person


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


NO_DAY = {"invalid": "Enter a real date, such as 27/3/2026."}
_one = partial(forms.ModelChoiceField, required=False, empty_label="Any")


class ActivityFilterForm(forms.Form):
    """The filters of the log, as they stand in its address. One that makes no sense is said, and left out."""

    mark_optional = False

    q = forms.CharField(label="Words", required=False, max_length=200)
    since = forms.DateField(label="From", required=False, widget=Day, error_messages=NO_DAY)
    until = forms.DateField(label="To", required=False, widget=Day, error_messages=NO_DAY)
    kind = forms.ChoiceField(label="Kind", required=False)
    organisation = _one(Organisation.objects.none(), label="Organisation", widget=PickOne)
    sector = forms.ChoiceField(
        label="Sector",
        required=False,
        choices=[("", "Any"), *Sector.choices],
        help_text="Of an organisation it names.",
    )
    person = _one(
        Person.objects.none(), label="Person", widget=PickOne, help_text="Who is named in it or wrote it."
    )
    programme = _one(Programme.objects.none(), label="Programme")
    board = _one(Board.objects.none(), label="Board")
    outcome = _one(Outcome.objects.none(), label="Outcome it should help")
    place = _one(Place.objects.none(), label="Place", widget=PickOne)
    theme = _one(StrategyTheme.objects.none(), label="Strategy theme")
    review = forms.ChoiceField(
        label="Review",
        required=False,
        choices=[("", "Any"), *(choice for choice in ReviewStatus.choices if choice[0])],
    )
    mine = forms.BooleanField(label="Only what I logged", required=False)
    to_finish = forms.BooleanField(label="Only what is still to finish", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        choices = choices_of(partnership)
        plural = {
            "organisation": "organisations",
            "person": "people",
            "outcome": "outcomes",
            "theme": "themes",
        }
        kinds = own_kinds.choices(own_kinds.own_kinds(partnership))
        self.fields["kind"].choices = [("", "Any"), *kinds]
        if not partnership.reviews_activities:
            del self.fields["review"]
        if not choices["themes"].exists():
            del self.fields["theme"]
        for name in self.records():
            self.fields[name].queryset = choices[plural.get(name, name)]
            self.fields[name].error_messages["invalid_choice"] = f"There is no such {name} here."

    def records(self) -> list[str]:
        """The filters that name a record."""
        return [name for name, field in self.fields.items() if isinstance(field, forms.ModelChoiceField)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must be on or after the first.")
        return cleaned

    def fetch_choices(self) -> None:
        for name in self.records():
            self.fields[name].choices = list(self.fields[name].choices)

    def filters(self, by: Person) -> ActivityFilters:
        """The filters that make sense; the outcome is the outcomes app's own to look for."""
        self.is_valid()
        given = self.cleaned_data
        key = given.get("kind", "")
        kind, own_kind = own_kinds.chosen(self.partnership, key) if key else ("", None)
        return ActivityFilters(
            text=given.get("q", ""),
            starts_on=given.get("since"),
            ends_on=given.get("until"),
            kind=kind,
            own_kind=own_kind,
            programme=given.get("programme"),
            board=given.get("board"),
            place=given.get("place"),
            organisation=given.get("organisation"),
            sector=given.get("sector", ""),
            person=given.get("person"),
            theme=given.get("theme"),
            review=given.get("review", ""),
            logged_by=by if given.get("mine") else None,
            to_finish=bool(given.get("to_finish")),
        )

    def as_query(self) -> str:
        """The filters that make sense as they stand in an address, always in the same order."""
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])

    def left_out(self) -> list[str]:
        """What is wrong with the filters that make no sense, in a sentence each."""
        return [
            f"{self.fields[name].label}: {error}" for name, errors in self.errors.items() for error in errors
        ]

    def in_use(self) -> list[tuple[str, str]]:
        """The filters that narrow the list, each with its name and in words."""
        words = []
        for name, value in self.cleaned_data.items():
            if not value:
                continue
            label, field = str(self.fields[name].label), self.fields[name]
            if value is True:
                words.append((name, label))
            elif name in {"since", "until"}:
                words.append((name, f"{label} {formats.date_format(value)}"))
            else:
                said = dict(field.choices)[value] if name in {"kind", "sector", "review"} else value
                words.append((name, f"{label}: {said}"))
        return words
