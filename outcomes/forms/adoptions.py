"""The forms in which a body says that it shares an outcome."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from config.forms import DateField, LongText, PickOne
from partnerships.models import Organisation


class AdoptionWordsForm(forms.Form):
    adopted_on = DateField(
        label="Since when?", help_text="The day on which it was agreed. For example, 31 3 2026."
    )
    words = forms.CharField(
        label="How do they put it?",
        required=False,
        max_length=5_000,
        widget=LongText(rows=3),
        help_text="In the organisation’s own words, if it says it in others.",
    )
    where = forms.CharField(
        label="Where is it written?",
        required=False,
        max_length=300,
        help_text="Such as a corporate plan and its page, or a web address.",
    )


class AdoptForm(AdoptionWordsForm):
    field_order = ("organisation",)
    organisation = forms.ModelChoiceField(
        label="Which organisation shares it?",
        queryset=Organisation.objects.none(),
        widget=PickOne,
        empty_label="Select an organisation",
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class EndAdoptionForm(forms.Form):
    ended_on = DateField(label="What was its last day?")
