from __future__ import annotations

from typing import Any

from django import forms

from config.forms import PickMany
from outcomes.models import Outcome
from partnerships.models import Partnership


class AlignOutcomesForm(forms.Form):
    outcomes = forms.ModelMultipleChoiceField(
        label="Which outcomes stand in line with this theme?",
        queryset=Outcome.objects.none(),
        required=False,
        widget=PickMany(noun="outcomes"),
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcomes"].queryset = Outcome.objects.filter(partnership=partnership)
