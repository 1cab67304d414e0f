from __future__ import annotations

from typing import Any

from django import forms

from config.forms import Checkboxes, DateField, PickOne, Radios
from partnerships.models import Organisation, Partnership
from people.permissions import HUMAN_ROLES, ROLES, Role
from people.queries.organisations import organisations_of


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in HUMAN_ROLES]


def role_hints() -> dict[str, str]:
    return {role.value: ROLES[role].sentence for role in HUMAN_ROLES}


class GiveRoleForm(forms.Form):
    role = forms.TypedChoiceField(coerce=Role, choices=role_choices, widget=Radios(hints=role_hints()))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        widget=PickOne,
        empty_label="None",
        help_text="Whom they stand for in this role.",
    )
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day", required=False, help_text="Leave it empty to leave the role open.")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)


class EndRoleForm(forms.Form):
    ends_on = DateField(
        label="Last day", help_text="With today or an earlier day, they lose this role’s access at once."
    )


class SecondFactorForm(forms.Form):
    mark_optional = False
    roles = forms.TypedMultipleChoiceField(
        label="Roles that need a second step",
        coerce=Role,
        choices=role_choices,
        required=False,
        widget=Checkboxes(hints=role_hints()),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
