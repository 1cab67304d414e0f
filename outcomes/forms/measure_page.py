"""What of a measure one looks at: where, since when, as it was known on which day. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from config.forms import DateField, PickMany
from outcomes.queries.beside import MOST_COMPARED
from partnerships.models import Place

LATEST = (5, 12, 24, 60)


class LookForm(forms.Form):
    """A GET form. An empty answer is what the page shows by itself."""

    mark_optional = False
    place = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    periods = forms.TypedChoiceField(
        label="Periods shown",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "All"), *((str(n), f"Latest {n}") for n in LATEST)],
    )
    forecast = forms.ChoiceField(
        label="What comes if nothing changes",
        required=False,
        choices=[("", "Shown where figures bear it"), ("no", "Not shown")],
    )
    as_of = DateField(
        label="As it was known on", required=False, help_text="Left empty, as it is known today."
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        since = DateField(label="From", required=False, help_text="Periods that ended before are left out.")
        # "from" is a word of Python's own, so it cannot stand among the fields above.
        order = ("place", "periods", "from", "as_of", "forecast")
        self.fields["from"] = since
        self.order_fields(order)
        self.fields["place"].choices = [(str(place.pk), place.name) for place in places]


class CompareForm(forms.Form):
    """Which places stand side by side."""

    mark_optional = False
    place = forms.TypedMultipleChoiceField(
        label="Places",
        coerce=int,
        required=False,
        widget=PickMany(noun="places"),
        help_text=f"Choose up to {MOST_COMPARED}. Only places with figures of this measure are listed.",
        error_messages={"invalid_choice": "One of the places has no figures of this measure."},
    )
    as_of = DateField(
        label="As it was known on", required=False, help_text="Left empty, as it is known today."
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = DateField(label="From", required=False)
        self.order_fields(("place", "from", "as_of"))
        self.fields["place"].choices = [(str(place.pk), place.name) for place in places]

    def clean_place(self) -> list[int]:
        chosen = list(dict.fromkeys(self.cleaned_data["place"]))
        if len(chosen) > MOST_COMPARED:
            raise forms.ValidationError(f"Choose {MOST_COMPARED} places at most. You chose {len(chosen)}.")
        return chosen
