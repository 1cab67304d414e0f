from __future__ import annotations

from django import forms

from people.queries.follow_ups import as_typed, find


class CodeForm(forms.Form):
    code = forms.CharField(
        label="The code on your paper",
        max_length=60,
        widget=forms.TextInput(
            {
                "class": "govuk-input--width-20",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        help_text="16 letters and numbers, such as K7Q2-29XM-4HTB-W0RD. Dashes and small letters do not matter.",
    )

    def clean_code(self) -> str:
        code = as_typed(self.cleaned_data["code"])
        if find(code) is None:
            raise forms.ValidationError(
                "This code does not work. Look whether every letter is right, or ask whoever gave it to you."
            )
        return code
