from __future__ import annotations

from typing import Any

from django import forms

from config.forms import PickOne, Radios
from partnerships.models import Organisation, Partnership, Sector
from partnerships.queries.activities import organisations_of


class CorrectOrganisationForm(forms.Form):
    name = forms.CharField(max_length=200)
    sector = forms.ChoiceField(choices=Sector.choices)
    org_id = forms.CharField(
        label="org-id identifier",
        required=False,
        max_length=60,
        help_text="Such as GB-LAE-LUT for a council or GB-CHC-1112345 for a charity.",
    )

    def __init__(self, *args: Any, others_use_it: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others_use_it:
            self.fields["reason"] = forms.CharField(
                label="Why is it to be corrected?",
                max_length=300,
                help_text="Somebody from another partnership that uses this organisation reads it and agrees or not.",
            )


class ChooseKeptForm(forms.Form):
    mark_optional = False
    into = forms.ModelChoiceField(
        label="Which record is to be kept?", queryset=Organisation.objects.none(), widget=PickOne
    )

    def __init__(
        self, *args: Any, partnership: Partnership, organisation: Organisation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        ours = organisations_of(partnership).filter(merged_into__isnull=True)
        self.fields["into"].queryset = ours.exclude(pk=organisation.pk)


class MergeForm(forms.Form):
    reason = forms.CharField(
        label="How do you know that they are the same?",
        max_length=300,
        help_text="Such as: the charity’s register has one entry for both names.",
    )


class DecideCorrectionForm(forms.Form):
    answer = forms.ChoiceField(
        label="Is that right?",
        choices=[("yes", "Yes, correct it for everybody"), ("no", "No, leave it as it is")],
        widget=Radios,
    )
