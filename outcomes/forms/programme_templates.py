from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from config.forms import Checkboxes, DateField, LongText, PickOne
from outcomes.blueprints import Blueprint
from outcomes.models import Frequency, Outcome
from partnerships.forms.money import PoundsField
from partnerships.forms.periods import NO_SUCH_YEAR, PeriodRows, due_after_field, is_sensible
from partnerships.forms.programmes import Named, organisation_field, partners_field, places_field
from partnerships.models import Calendar, Partnership
from partnerships.queries.periods import proposed

TO_CHECK = {Calendar.HOLIDAY, Calendar.TERM}
LOOK_AHEAD = timedelta(days=365)
MOST_LINES = 999
MOST_YEARS = timedelta(days=3 * 366)


def measure_choices(blueprint: Blueprint) -> list[tuple[str, str]]:
    return [(line.key, line.name) for line in blueprint.measures]


class UseTemplateForm(PeriodRows, Named, forms.Form):
    """One form from which a whole programme is made."""

    name = forms.CharField(label="Name of the programme", max_length=200, help_text="As people here call it.")
    summary = forms.CharField(
        label="What does it do, and for whom?", required=False, max_length=4000, widget=LongText(rows=4)
    )
    commissioner = organisation_field("Who commissions it?")
    provider = organisation_field("Who runs it?")
    partners = partners_field()
    places = places_field()
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day", required=False, help_text="Leave empty if it is open-ended.")
    outcome = forms.ModelChoiceField(
        label="Which outcome should it help?", queryset=Outcome.objects.none(), required=False, widget=PickOne
    )
    new_outcome = forms.CharField(
        label="Or a new outcome",
        required=False,
        max_length=200,
        help_text="A condition of life that partners want for everyone, such as “School holidays are good for every child”.",
    )
    how = forms.CharField(
        label="How should it help?", required=False, max_length=300, widget=LongText(rows=2)
    )
    measures = forms.MultipleChoiceField(
        label="What shall be counted?", help_text="Untick what you do not need. More can be added later."
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        blueprint: Blueprint,
        may_add_outcome: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.blueprint = blueprint
        self.offer(partnership)
        self.fields["summary"].initial = blueprint.description
        self.fields["outcome"].queryset = Outcome.objects.filter(partnership=partnership)
        if not may_add_outcome:
            del self.fields["new_outcome"]
            self.fields["outcome"].required = True
        choices = measure_choices(blueprint)
        self.fields["measures"].widget = Checkboxes(
            hints={line.key: asked_words(line.frequency, blueprint.calendar) for line in blueprint.measures}
        )
        self.fields["measures"].choices = choices
        self.fields["measures"].initial = [key for key, _ in choices]
        if blueprint.calendar:
            self._offer_calendar()
        for number, line in enumerate(blueprint.budget, 1):
            self.fields[f"amount_{number}"] = PoundsField(label=line.words, required=False)

    def _offer_calendar(self) -> None:
        today = timezone.localdate()
        if self.blueprint.calendar in TO_CHECK:
            upcoming = proposed(self.blueprint.calendar, today - timedelta(days=31), today + LOOK_AHEAD)
            self.offer_periods(upcoming, with_days=True)
        else:
            self.fields["periods_until"] = DateField(
                label="Until when shall periods be set up?",
                required=False,
                help_text="Left empty: for a year from the first day. More can be added later.",
            )
        self.fields["due_after"] = due_after_field(self.blueprint.due_after_days)

    @property
    def amounts(self) -> list[Any]:
        return [self[f"amount_{number}"] for number in range(1, len(self.blueprint.budget) + 1)]

    def first_fields(self) -> list[Any]:
        """What comes before the periods, the measures and the money."""
        own = {"measures", "periods_until", "due_after"} | {field.name for field in self.amounts}
        return [field for field in self.plain_fields() if field.name not in own]

    def period_fields(self) -> list[Any]:
        return [self[name] for name in ("periods_until", "due_after") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_periods()
        if cleaned.get("starts_on") and not is_sensible(cleaned["starts_on"]):
            self.add_error("starts_on", NO_SUCH_YEAR)
        first, until = cleaned.get("starts_on"), cleaned.get("periods_until")
        if first and until and not first <= until <= first + MOST_YEARS:
            self.add_error("periods_until", "Choose a day after the first, and within three years of it.")
        return cleaned

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        names = ("name", "summary", "commissioner", "provider", "partners", "places", "starts_on", "ends_on")
        names += ("outcome", "how", "measures")
        amounts = [(line, given.get(f"amount_{n}")) for n, line in enumerate(self.blueprint.budget, 1)]
        if self.blueprint.calendar and not self.number_of_rows:
            first = given["starts_on"]
            last = given.get("periods_until") or min(
                first + LOOK_AHEAD, given.get("ends_on") or first + LOOK_AHEAD
            )
            self.proposals = proposed(self.blueprint.calendar, first.replace(day=1), last)
            given["periods"] = [one.starts_on.isoformat() for one in self.proposals]
        return {name: given[name] for name in names} | {
            "new_outcome": given.get("new_outcome", ""),
            "periods": self.chosen_periods() if self.blueprint.calendar else (),
            "budget": [(line, amount) for line, amount in amounts if amount is not None],
        }


def asked_words(frequency: str, calendar: str) -> str:
    """How often, and whether partners are asked for it in their returns."""
    words = str(Frequency(frequency).label)
    in_returns = frequency in (Frequency.PERIOD, calendar) and calendar
    if in_returns:
        return f"Asked of partners {Calendar(calendar).label.lower()}."
    return f"{words}, by import or through the API."


class KeepTemplateForm(forms.Form):
    name = forms.CharField(label="Name of the template", max_length=120)
    description = forms.CharField(
        label="What is it for?", required=False, max_length=2000, widget=LongText(rows=3)
    )
    is_shared = forms.BooleanField(
        label="Other partnerships may use it, too",
        required=False,
        help_text="They see its name, description, measures, breakdowns, questions and budget headings, and nothing else of yours.",
    )


class TemplateForm(KeepTemplateForm):
    measures = forms.MultipleChoiceField(label="What does it count?", widget=Checkboxes)

    field_order = ("name", "description", "measures", "is_shared")

    def __init__(self, *args: Any, blueprint: Blueprint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = measure_choices(blueprint)
        for number, line in enumerate(blueprint.measures, 1):
            self.fields[f"place_{number}"] = forms.IntegerField(
                label=line.name,
                required=False,
                min_value=1,
                max_value=MOST_LINES,
                initial=number,
                widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
            )
        self.keys = [line.key for line in blueprint.measures]

    @property
    def plain(self) -> list[Any]:
        return [field for field in self if not field.name.startswith("place_")]

    @property
    def places(self) -> list[Any]:
        return [field for field in self if field.name.startswith("place_")]

    @property
    def has_place_errors(self) -> bool:
        return any(name.startswith("place_") for name in self.errors)

    def said(self) -> dict[str, Any]:
        """What the action takes: the measures in the order of their numbers; of two with one number, the earlier first."""
        given = self.cleaned_data
        numbers = {key: given.get(f"place_{n}") or MOST_LINES for n, key in enumerate(self.keys, 1)}
        kept = [key for key in self.keys if key in given["measures"]]
        return {name: given[name] for name in ("name", "description", "is_shared")} | {
            "measures": sorted(kept, key=numbers.__getitem__)
        }
