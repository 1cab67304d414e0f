"""The forms that set up outcomes and measures."""

from __future__ import annotations

from typing import Any

from django import forms

from config.forms import AffixInput, LongText, PickOne, Radios
from outcomes.models import (
    CalculationRule,
    Direction,
    Frequency,
    MeasureKind,
    Outcome,
    Ownership,
    Quadrant,
)
from partnerships.models import Partnership, Programme


def _number(width: int, suffix: str = "") -> forms.TextInput:
    if suffix:
        return AffixInput({"inputmode": "numeric"}, suffix=suffix, width=width)
    return forms.TextInput({"inputmode": "numeric", "class": f"govuk-input--width-{width}"})


class OutcomeForm(forms.Form):
    title = forms.CharField(
        max_length=200,
        help_text="A condition of life that partners want for everyone, such as “Everyone moves more”.",
    )
    description = forms.CharField(
        required=False,
        max_length=5000,
        widget=LongText,
        help_text="Why it matters, and for whom it matters most.",
    )
    position = forms.IntegerField(
        label="Place in the order",
        required=False,
        min_value=0,
        max_value=999,
        widget=_number(3),
        help_text="Outcomes are shown from 1 upwards. Left empty, a new one comes last.",
    )


class MeasureForm(forms.Form):
    outcome = forms.ModelChoiceField(Outcome.objects.none(), empty_label="Select an outcome")
    name = forms.CharField(
        max_length=200, help_text="As a reader would say it, such as “Physically active adults”."
    )
    definition = forms.CharField(
        required=False,
        max_length=5000,
        widget=LongText,
        help_text="Exactly what is counted, of whom, and what is left out.",
    )
    kind = forms.ChoiceField(
        label="What kind of measure it is",
        choices=MeasureKind,
        widget=Radios(
            hints={
                MeasureKind.INDICATOR: "About everyone in a place. No one body answers for it.",
                MeasureKind.PERFORMANCE: "About the people whom one programme works with. The two kinds are never added up.",
            }
        ),
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        required=False,
        empty_label="None",
        widget=PickOne,
        help_text="Only for a programme's own measure.",
    )
    quadrant = forms.ChoiceField(
        label="Which question it answers",
        required=False,
        choices=[("", "None of these"), *Quadrant.choices],
        widget=Radios,
        help_text="Only for a programme's own measure.",
    )
    is_headline = forms.BooleanField(label="It is a headline measure: shown first", required=False)
    unit = forms.CharField(
        max_length=40,
        help_text="Such as %, children, or per 100,000 people.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )
    decimals = forms.IntegerField(
        label="Decimal places", min_value=0, max_value=6, widget=_number(2), help_text="How many are shown."
    )
    direction = forms.ChoiceField(label="Which way is good", choices=Direction, widget=Radios)
    frequency = forms.ChoiceField(label="How often there is a figure", choices=Frequency, widget=Radios)
    rule = forms.ChoiceField(
        label="How figures of several periods or places make one",
        choices=CalculationRule,
        widget=Radios(
            hints={
                CalculationRule.SUM: "For counts of separate things, such as sessions held.",
                CalculationRule.WEIGHTED_MEAN: "For averages whose denominators are known.",
                CalculationRule.MAXIMUM: "For peaks.",
                CalculationRule.LATEST: "For what is true at one time. Nothing is added up.",
                CalculationRule.RATIO_OF_SUMS: "For percentages and rates whose numerators and denominators are known.",
                CalculationRule.NOT_ADDABLE: "One child may be in the figures of two holidays, so their sum would be wrong.",
            }
        ),
    )
    ownership = forms.ChoiceField(label="Whose it is to change", choices=Ownership, widget=Radios)
    source = forms.CharField(required=False, max_length=300, help_text="Who publishes the figures.")
    source_url = forms.URLField(label="Web address of the source", required=False, assume_scheme="https")
    licence = forms.CharField(
        required=False, max_length=100, help_text="Such as Open Government Licence v3.0.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )  # fmt: skip
    due_after_days = forms.IntegerField(
        label="When a figure is due",
        min_value=0,
        max_value=3650,
        widget=_number(4, "days after its period ends"),
        help_text="Later than this, it is shown as late.",
    )
    is_running_total = forms.BooleanField(
        label="Each figure counts everything so far",
        required=False,
        help_text="So it should never go down; a partner who sends a lower one is asked why.",
    )
    hide_below = forms.IntegerField(
        label="Hide small counts below",
        required=False,
        min_value=2,
        max_value=100,
        widget=_number(3),
        help_text="With 5, counts from 1 to 4 are hidden wherever they are shown. Left empty, nothing is hidden.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].queryset = Outcome.objects.filter(partnership=partnership)
        self.fields["programme"].queryset = Programme.objects.filter(partnership=partnership)
