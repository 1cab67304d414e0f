from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from config.forms import DateField
from people.forms.signing_in import STRONG
from people.models import Person


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code from the paper",
        max_length=40,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
        help_text="Ten letters and numbers, such as 7KQ2M-X9DHT. Upper or lower case makes no difference.",
    )


class NewPasswordForm(forms.Form):
    """A new password for somebody whose name is known."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}), help_text=STRONG
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.person or Person(name=self.cleaned_data.get("name", "")))
        return password


class JoinForm(NewPasswordForm):
    name = forms.CharField(
        label="The name others are to know you by",
        max_length=150,
        widget=forms.TextInput({"autocomplete": "nickname"}),
        help_text="Your first name, or any name you like. This is the only name that other members see.",
    )
    real_name = forms.CharField(
        label="Your full name",
        required=False,
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text="Only the people who look after the partnership’s members see it. You can leave it out.",
    )
    field_order = ["name", "real_name", "password"]


class NewCodeForm(forms.Form):
    name = forms.CharField(
        label="What is the code for?",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Such as: Mill Road residents’ forum, spring 2027. It is printed on the slip.",
    )
    uses_allowed = forms.IntegerField(
        label="How many people may join with it?",
        min_value=1,
        max_value=500,
        widget=forms.NumberInput({"class": "govuk-input--width-4"}),
        error_messages={
            "min_value": "Enter a number from 1 to 500",
            "max_value": "Enter a number from 1 to 500",
            "invalid": "Enter a whole number, such as 20",
        },
    )
    expires_on = DateField(label="Last day to join", help_text="A year from today at most.")
    role_ends_on = DateField(
        label="Last day of their role",
        required=False,
        help_text="Leave it empty to let them stay as long as they like.",
    )
