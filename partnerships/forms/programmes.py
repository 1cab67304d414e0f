from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickOne, Radios
from partnerships.models import Organisation, Partnership, ProgrammeKind, ProgrammeStatus
from partnerships.queries.activities import organisations_of


class ProgrammeForm(forms.Form):
    name = forms.CharField(label="Name of the programme", max_length=200)
    kind = forms.ChoiceField(
        label="What kind of programme is it?", choices=ProgrammeKind.choices, widget=Radios
    )
    status = forms.ChoiceField(
        label="Where does it stand?",
        choices=ProgrammeStatus.choices,
        initial=ProgrammeStatus.RUNNING,
        widget=Radios,
    )
    summary = forms.CharField(
        label="What does it do, and for whom?", required=False, max_length=4000, widget=LongText(rows=4)
    )
    provider = forms.ModelChoiceField(
        label="Who runs it?", queryset=Organisation.objects.none(), required=False, widget=PickOne
    )
    starts_on = DateField(label="First day", required=False)
    ends_on = DateField(label="Last day", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = organisations_of(partnership)
