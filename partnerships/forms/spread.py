from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from config.forms import DateInput, DateParts, LongText, PickOne
from partnerships.models import Adoption, Organisation, Partnership, Place, Precision, Programme
from partnerships.queries.activities import organisations_of
from partnerships.queries.spread import places_to_name


class WhenField(forms.Field):
    """A day, a month or a year, as exactly as it is known: the boxes that nobody can fill in stay empty."""

    widget = DateInput
    default_error_messages = {
        "invalid": "Enter a real date, such as 27 3 2026. Leave empty what nobody knows.",
        "no_year": "Enter the year, or leave all three empty.",
        "no_month": "Enter the month of that day, or leave the day empty.",
    }

    def to_python(self, value: Any) -> tuple[date, Precision] | None:
        parts = (
            value if isinstance(value, DateParts) else DateParts(*reversed(f"{value or ''}--".split("-")[:3]))
        )
        if not parts:
            return None
        if not parts.year:
            raise ValidationError(self.error_messages["no_year"], code="no_year", params={"parts": ["year"]})
        if parts.day and not parts.month:
            raise ValidationError(
                self.error_messages["no_month"], code="no_month", params={"parts": ["month"]}
            )
        precision = Precision.DAY if parts.day else Precision.MONTH if parts.month else Precision.YEAR
        try:
            return DateParts(parts.day or "1", parts.month or "1", parts.year).as_date(), precision
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def as_parts(adoption: Adoption) -> DateParts | None:
    """What the three boxes hold for a date that is known so exactly."""
    day = adoption.adopted_on
    if day is None:
        return None
    return DateParts(
        str(day.day) if adoption.precision == Precision.DAY else "",
        str(day.month) if adoption.precision != Precision.YEAR else "",
        str(day.year),
    )


def _one(label: str, rows: Any, **said: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(label=label, queryset=rows, required=False, widget=PickOne, **said)


class AdoptionForm(forms.Form):
    practice = forms.CharField(
        label="What practice spread?",
        max_length=200,
        help_text="Such as: link workers go along on the first visit.",
    )
    programme = _one("From which of our programmes, if any?", Programme.objects.none())
    from_organisation = _one("Which organisation had it first?", Organisation.objects.none())
    from_place = _one("Where?", Place.objects.none())
    to_organisation = _one("Which organisation took it up?", Organisation.objects.none())
    to_place = _one("Which place took it up?", Place.objects.none())
    to_wider_system = forms.CharField(
        label="Or which wider system?",
        required=False,
        max_length=200,
        help_text="Such as the integrated care system. Anyone who is in neither list goes here, too.",
    )
    when = WhenField(
        label="When was it taken up?",
        required=False,
        help_text="As exactly as you know: the year alone will do, and so will nothing.",
    )
    adapted_how = forms.CharField(
        label="How was it adapted?", required=False, max_length=4000, widget=LongText(rows=3)
    )
    what_came_of_it = forms.CharField(
        label="What came of it?",
        required=False,
        max_length=4000,
        widget=LongText(rows=3),
        help_text="Also where it did not work, or where nobody knows yet.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places, organisations = places_to_name(partnership), organisations_of(partnership)
        self.fields["programme"].queryset = Programme.objects.filter(partnership=partnership)
        for side in ("from", "to"):
            self.fields[f"{side}_place"].queryset = places
            self.fields[f"{side}_organisation"].queryset = organisations

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        adopted_on, precision = given.pop("when") or (None, Precision.DAY)
        return given | {"adopted_on": adopted_on, "precision": precision}
