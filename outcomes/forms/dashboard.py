from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from config.forms import DateField
from config.words import day_words
from outcomes.models import MeasureKind, Ownership
from outcomes.queries.narrowing import Chosen, Surroundings, quarter_ends


class AsOfForm(forms.Form):
    """The dashboard as it was known at the end of a day."""

    mark_optional = False
    as_of = DateField(label="As it was known on", required=False)


class Choices(NamedTuple):
    """What a dashboard can be narrowed to, as plain words."""

    places: tuple[tuple[int, str], ...]
    groups: tuple[tuple[int, str], ...]
    outcomes: tuple[tuple[int, str], ...]
    ends: tuple[tuple[str, str], ...]


def choices_of(around: Surroundings, today: date) -> Choices:
    return Choices(
        tuple((place.pk, place.name) for place in around.places),
        tuple((group.pk, group.label) for group in around.groups),
        tuple((outcome.pk, outcome.title) for outcome in around.outcomes),
        tuple((day.isoformat(), day_words(day)) for day in quarter_ends(today)),
    )


def _pick(label: str, every: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, choices=[("", every)]
    )


class NarrowForm(AsOfForm):
    """What of a dashboard is shown. It stands in the address, so that it can be kept and sent."""

    place = _pick("Place", "")
    group = _pick("Group", "Everybody")
    outcome = _pick("Outcome", "All outcomes")
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Both kinds"), *MeasureKind.choices])
    whose = forms.ChoiceField(
        label="Whose to change", required=False, choices=[("", "Anybody’s"), *Ownership.choices]
    )
    until = forms.TypedChoiceField(
        label="Figures up to the end of", required=False, coerce=date.fromisoformat, empty_value=None,
        choices=[("", "The newest period")],
    )  # fmt: skip
    headline = forms.BooleanField(label="Headline measures only", required=False)
    field_order = ("place", "group", "until", "outcome", "kind", "whose", "headline", "as_of")

    def __init__(self, sent: QueryDict | None, choices: Choices) -> None:
        super().__init__(sent)
        first = choices.places[0][1] if choices.places else "The whole place"
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                # The usual words would say again whatever stood in the address.
                field.error_messages["invalid_choice"] = f"Choose one from the list: {field.label.lower()}"
        self.fields["place"].choices = [("", first), *choices.places[1:]]
        for name, listed in (
            ("group", choices.groups),
            ("outcome", choices.outcomes),
            ("until", choices.ends),
        ):
            self.fields[name].choices = [*self.fields[name].choices, *listed]
        if not choices.groups:
            del self.fields["group"]
        if len(choices.places) < 2:
            del self.fields["place"]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if asked.get("place") and asked.get("group"):
            self.add_error(
                "group",
                "Choose a part of the place or a group, not both: so few people would be too easy to recognise",
            )
        return asked

    def chosen(self, around: Surroundings) -> Chosen:
        """What was asked for, as far as it was right."""
        self.full_clean()
        asked = self.cleaned_data
        return Chosen(
            place=next((one for one in around.places if one.pk == asked.get("place")), None),
            group=next((one for one in around.groups if one.pk == asked.get("group")), None),
            until=asked.get("until"),
            outcome=next((one for one in around.outcomes if one.pk == asked.get("outcome")), None),
            whose=asked.get("whose", ""),
            kind=asked.get("kind", ""),
            headline=asked.get("headline", False),
        )
