from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from config.forms import LongText, Radios
from outcomes.models import Fulfilled
from outcomes.queries.evidence import Found


class StandardForm(forms.Form):
    name = forms.CharField(
        label="What does good evidence fulfil?", max_length=120, help_text="In a few words, such as “Timely”."
    )
    description = forms.CharField(
        label="What does it take?",
        required=False,
        max_length=1000,
        widget=LongText(rows=3, attrs={"maxlength": 1000}),
        help_text="A sentence by which two people would find the same.",
    )


class RewordStandardForm(StandardForm):
    keeps_checks = forms.BooleanField(
        label="It asks for the same as before: keep what was checked against it",
        required=False,
        help_text="Without this, each measure has to be checked against the new words. The old checks stay in the history.",
    )


class EvidenceForm(forms.Form):
    """All standards with what was found before. `found` says which they are."""

    all_again = forms.BooleanField(
        label="I looked at all of these again, also where nothing changed", required=False
    )

    def __init__(self, *args: Any, found: Collection[Found], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, last = found, self.fields.pop("all_again")
        for one in found:
            self.fields[f"met_{one.standard_id}"] = forms.ChoiceField(
                label=one.name,
                choices=[*Fulfilled.choices],
                required=False,
                initial=one.fulfilled or "",
                widget=Radios(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
                help_text=one.description,
            )
            self.fields[f"note_{one.standard_id}"] = forms.CharField(
                label=f"Note on “{one.name}”", required=False, max_length=500, initial=one.note
            )
        self.fields["all_again"] = last

    @property
    def answers(self) -> dict[int, tuple[str, str]]:
        said = self.cleaned_data
        return {
            one.standard_id: (said[f"met_{one.standard_id}"], said[f"note_{one.standard_id}"])
            for one in self.found
        }
