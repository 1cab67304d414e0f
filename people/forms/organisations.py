from __future__ import annotations

from typing import Any

from django import forms

from config.forms import Checkboxes, DateField, Radios
from partnerships.models import OrganisationRole, Sector
from partnerships.queries.org_ids import councils_like, fault_of, tidy

NONE_OF_THESE = "none"


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
    org_id = forms.CharField(
        label="org-id identifier",
        required=False,
        max_length=60,
        help_text="Such as GB-LAE-LUT for a council or GB-CHC-1112345 for a charity.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_council = self.is_bound and self.data.get("sector") == Sector.COUNCIL
        if is_council and not str(self.data.get("org_id", "")).strip():
            self._offer_councils(str(self.data.get("name", "")).replace("\x00", "")[:200])

    def _offer_councils(self, name: str) -> None:
        """A council that the published lookup has by this name is offered with its identifier."""
        found = [
            (one.org_id, f"{one.name}, {one.org_id}" + (f", {one.gss_code}" if one.gss_code else ""))
            for one in councils_like(name)
        ]
        if found:
            self.fields["council"] = forms.ChoiceField(
                label="Is it one of these councils?",
                choices=[*found, (NONE_OF_THESE, "None of these")],
                widget=Radios,
            )

    def clean_org_id(self) -> str:
        org_id = tidy(self.cleaned_data["org_id"])
        fault = fault_of(org_id) if org_id else ""
        if fault:
            raise forms.ValidationError(fault)
        return org_id

    def identifier(self) -> str:
        chosen = self.cleaned_data.get("council", "")
        return chosen if chosen not in ("", NONE_OF_THESE) else self.cleaned_data["org_id"]


class AddPartForm(forms.Form):
    part = forms.MultipleChoiceField(
        label="Which parts does it play?", choices=OrganisationRole.choices, widget=Checkboxes
    )
    starts_on = DateField(label="First day")


class EndPartForm(forms.Form):
    ends_on = DateField(label="Last day", help_text="It stays in the record of what was.")
