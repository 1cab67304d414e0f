"""The form of a baseline, a milestone or a target."""

from __future__ import annotations

from typing import Any

from django import forms

from config.forms import AffixInput, DateField, Radios
from outcomes.models import Measure, TargetKind
from outcomes.queries.targets import target_places
from partnerships.models import Place


class TargetForm(forms.Form):
    kind = forms.ChoiceField(
        label="What is it?",
        choices=TargetKind,
        initial=TargetKind.TARGET,
        widget=Radios(
            hints={
                TargetKind.BASELINE: "A figure of the past from which progress is told. One for each place.",
                TargetKind.MILESTONE: "Where it should be by then, between the baseline and a target.",
                TargetKind.TARGET: "Where partners want it to be. There may be several, each for its day.",
            }
        ),
    )
    place = forms.ModelChoiceField(Place.objects.none(), empty_label="Select a place")
    value = forms.DecimalField(max_digits=18, decimal_places=6)
    due_on = DateField(label="By when, or for a baseline of when?", help_text="For example, 31 3 2028.")
    note = forms.CharField(
        required=False, max_length=300, help_text="Such as who agreed it, or what it is based on."
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = target_places(measure.partnership)
        self.fields["value"].widget = AffixInput({"inputmode": "decimal"}, suffix=measure.unit, width=10)
