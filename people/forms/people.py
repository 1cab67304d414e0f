from __future__ import annotations

from typing import Any

from django import forms

from config.forms import PickOne, Radios
from partnerships.models import Organisation, Partnership
from people.forms.roles import role_choices, role_hints
from people.permissions import Role
from people.queries.organisations import organisations_of


class FindPeopleForm(forms.Form):
    mark_optional = False
    q = forms.CharField(label="Name, job title or organisation", required=False, max_length=100)
    role = forms.ChoiceField(required=False, choices=lambda: [("", "Any role"), *role_choices()])
    when = forms.ChoiceField(
        label="Who", required=False, choices=[("", "Taking part now"), ("before", "Took part before")]
    )

    def __init__(self, *args: Any, may_see_leavers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see_leavers:
            del self.fields["when"]


class AddPersonForm(forms.Form):
    """Somebody who takes part and does not sign in."""

    name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "off"}))
    job_title = forms.CharField(
        max_length=150, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        widget=PickOne,
        empty_label="None",
        help_text="Whom they stand for.",
    )
    role = forms.TypedChoiceField(
        coerce=Role,
        choices=role_choices,
        widget=Radios(hints=role_hints()),
        help_text="What they may do if you invite them to sign in one day.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)


class DetailsForm(forms.Form):
    """A person's own details, or those of somebody who does not sign in."""

    name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    job_title = forms.CharField(
        max_length=150, required=False, widget=forms.TextInput({"autocomplete": "organization-title"})
    )


class OwnDetailsForm(DetailsForm):
    """One's own: the name that others see may be any, and the real one is for those who manage people."""

    real_name = forms.CharField(
        label="Full name",
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Only if you are known by another name: those who manage people see it, and nobody else.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "name"
        ].help_text = "The name that others know you by. A first name or another name will do."
