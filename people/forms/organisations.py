from __future__ import annotations

from django import forms

from config.forms import DateField
from partnerships.models import OrganisationRole, Sector


def _any(label: str, choices) -> list[tuple[str, str]]:
    return [("", label), *choices.choices]


class FindOrganisationsForm(forms.Form):
    mark_optional = False
    q = forms.CharField(label="Name", required=False, max_length=100)
    part = forms.ChoiceField(
        label="Part it plays", required=False, choices=lambda: _any("Any part", OrganisationRole)
    )
    sector = forms.ChoiceField(required=False, choices=lambda: _any("Any sector", Sector))


class AddOrganisationForm(forms.Form):
    name = forms.CharField(max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    sector = forms.TypedChoiceField(coerce=Sector, choices=_any("Choose a sector", Sector))
    part = forms.TypedChoiceField(
        label="Part it plays",
        coerce=OrganisationRole,
        choices=_any("Choose a part", OrganisationRole),
        help_text="It can play more than one: add the others afterwards.",
    )
    org_id = forms.RegexField(
        r"^[A-Z]{2,3}-[A-Z]{2,6}-[A-Za-z0-9._-]+$",
        label="org-id identifier",
        required=False,
        max_length=60,
        help_text="Such as GB-LAE-LUT for a council or GB-CHC-1112345 for a charity.",
        error_messages={"invalid": "Enter an identifier like GB-CHC-1112345"},
    )


class AddPartForm(forms.Form):
    part = forms.TypedChoiceField(
        label="Part it plays", coerce=OrganisationRole, choices=_any("Choose a part", OrganisationRole)
    )
    starts_on = DateField(label="First day")


class EndPartForm(forms.Form):
    ends_on = DateField(label="Last day", help_text="It stays in the record of what was.")
