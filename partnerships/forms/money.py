from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from config.forms import AffixInput, DateField, PickOne, Radios
from partnerships.models import MoneyHeading, MoneyKind, Organisation, Partnership
from partnerships.queries.activities import organisations_of

KINDS = {
    MoneyKind.BUDGET: "What was set aside for it.",
    MoneyKind.SPENT: "What was paid.",
    MoneyKind.MATCH: "Money that others put beside it.",
    MoneyKind.IN_KIND: "What a gift of food, space or time was worth.",
}


class PoundsField(forms.DecimalField):
    """An amount in pounds and pence. "£1,250.50" and "1250.5" are the same answer."""

    default_error_messages = {"invalid": "Enter an amount in pounds, such as 1,250.50"}

    def __init__(self, **kwargs: Any) -> None:
        widget = AffixInput({"inputmode": "decimal"}, prefix="£", width=10)
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "min_value": 0, "widget": widget} | kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = value.strip().removeprefix("£").replace(",", "").replace(" ", "")
        return super().to_python(value)


class MoneyForm(forms.Form):
    kind = forms.ChoiceField(label="What is it?", choices=MoneyKind.choices, widget=Radios(hints=KINDS))
    heading = forms.ChoiceField(label="What for?", choices=MoneyHeading.choices)
    description = forms.CharField(
        label="In a few words", required=False, max_length=200, help_text="Such as coaches to the coast."
    )
    amount = PoundsField(label="How much?")
    funder = forms.ModelChoiceField(
        label="Who gives or gave it?", queryset=Organisation.objects.none(), required=False, widget=PickOne
    )
    starts_on = DateField(label="From which day?")
    ends_on = DateField(label="Until which day?")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["funder"].queryset = organisations_of(partnership)
