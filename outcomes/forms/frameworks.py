"""The forms around frameworks: upload, share, link, copy."""

from __future__ import annotations

from typing import Any

from django import forms

from config.forms import LongText, PickMany, PickOne
from outcomes.models import Framework, FrameworkItem, Outcome
from outcomes.queries.frameworks import items_to_link
from partnerships.models import Partnership


class FrameworkFactsForm(forms.Form):
    name = forms.CharField(
        max_length=200, help_text="A later edition that is loaded under the same name takes its place."
    )
    publisher = forms.CharField(required=False, max_length=200, help_text="Who wrote it.")
    edition = forms.CharField(
        required=False,
        max_length=60,
        help_text="Such as 2026, or version 3.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )
    source_url = forms.URLField(
        label="Web address where it is published", required=False, max_length=200, assume_scheme="https"
    )
    licence = forms.CharField(
        required=False,
        max_length=100,
        help_text="Such as Open Government Licence v3.0.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )


class UploadFrameworkForm(FrameworkFactsForm):
    field_order = ("file",)
    file = forms.FileField(
        label="File with its items",
        help_text="CSV or Excel (.xlsx), with the columns code, title, description and parent. Parent is the code of what an item is part of.",
    )


class ConfirmFrameworkForm(FrameworkFactsForm):
    """What the preview sends back: the same facts and the items as text, all hidden."""

    text = forms.CharField(max_length=8_000_000, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()


class ShareOutcomesForm(forms.Form):
    name = forms.CharField(
        max_length=200, help_text="What other partnerships find it under, such as “Brackenford outcomes”."
    )
    licence = forms.CharField(
        required=False,
        max_length=100,
        help_text="On which terms others may use the words. Such as Open Government Licence v3.0.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )
    outcomes = forms.ModelMultipleChoiceField(
        label="Which outcomes do you share?",
        queryset=Outcome.objects.none(),
        widget=PickMany(noun="outcomes"),
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcomes"].queryset = Outcome.objects.filter(partnership=partnership)


class ItemChoice(forms.ModelChoiceField):
    def label_from_instance(self, item: Any) -> str:
        return f"{item.code} {item.title}"


class LinkOutcomeForm(forms.Form):
    item = ItemChoice(
        label="For which item does it stand?",
        queryset=FrameworkItem.objects.none(),
        widget=PickOne,
        empty_label="Select an item",
    )

    def __init__(self, *args: Any, partnership: Partnership, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items_to_link(partnership).filter(framework=framework)


class CopyItemForm(forms.Form):
    title = forms.CharField(max_length=200, help_text="As it is, or adapted to your place.")
    description = forms.CharField(required=False, max_length=10_000, widget=LongText)
