from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, Radios
from people.models import OfferKind


class OfferForm(forms.Form):
    kind = forms.ChoiceField(label="What is it?", choices=OfferKind.choices, widget=Radios())
    text = forms.CharField(
        label="In your words",
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Such as: bus routes on the estate, reading funding forms, keys of the hall.",
    )
    is_shown = forms.BooleanField(label="Members of the partnership may see this", required=False)
    agreed_on = DateField(label="When did they agree that members see this?")
    agreed_how = forms.CharField(
        label="How did they agree?",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Such as: told me on the phone.",
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("agreed_on", "agreed_how") if is_own else ("is_shown",):
            del self.fields[name]
        if not is_own:
            self.fields["text"].label = "In their words"
