from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField
from people.models import Person

WORD = "forget"


class LeaveForm(forms.Form):
    ends_on = DateField(
        label="Last day",
        help_text="With today, access ends at once. What they did stays with the partnership.",
    )


class ForgetForm(forms.Form):
    """What is done cannot be undone, so a word is typed."""

    how_asked = forms.CharField(
        label="How did they ask?",
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Such as: in a letter of 3 March. Do not write their name.",
    )
    word = forms.CharField(
        label=f"Type “{WORD}” to confirm",
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "class": "govuk-input--width-10"}
        ),
    )

    def __init__(self, *args: Any, is_self: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_self:
            del self.fields["how_asked"]

    def clean_word(self) -> str:
        typed = self.cleaned_data["word"].strip().lower().strip("“”\"'")
        if typed != WORD:
            raise forms.ValidationError(f"Type the word “{WORD}”, so that it does not happen by mistake.")
        return typed


class MergeForm(forms.Form):
    reason = forms.CharField(
        label="How do you know that they are the same person?",
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Such as: she told me that she changed her name.",
    )
    asked_them = forms.BooleanField(
        label="I asked them which sign-in they use, and they agree that the other ends", required=False
    )

    def __init__(self, *args: Any, both_sign_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not both_sign_in:
            del self.fields["asked_them"]


class RealNameForm(forms.Form):
    name = forms.CharField(
        label="Full name",
        required=False,
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Seen only by those who manage the people of this partnership. Leave it empty to take it away.",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = f"Full name of {person.name}"
