from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from config.forms import DateField, PickOne, Radios
from partnerships.models import Organisation, Partnership
from people.forms.roles import role_choices, role_hints
from people.forms.signing_in import STRONG
from people.models import Person
from people.permissions import Role
from people.queries.organisations import organisations_of


class InviteForm(forms.Form):
    name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": "Enter an email address like name@example.org"},
    )
    role = forms.TypedChoiceField(
        coerce=Role,
        choices=role_choices,
        widget=Radios(hints=role_hints()),
        help_text="What they may do here.",
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        widget=PickOne,
        empty_label="None",
        help_text="Whom they stand for. Residents need not stand for anyone.",
    )
    ends_on = DateField(
        label="Last day",
        required=False,
        help_text="Their role ends after this day. Leave it empty to leave it open.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(partnership)


class SetUpForm(forms.Form):
    """For somebody who has never signed in: the name they go by, and a password."""

    name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text="As others see it. A first name, or any name you like to be known by, will do.",
    )
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=STRONG,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        somebody = Person(name=self.cleaned_data.get("name", ""), email=self.person.email)
        validate_password(password, somebody)
        return password


class ConfirmForm(forms.Form):
    """A page with one button."""
