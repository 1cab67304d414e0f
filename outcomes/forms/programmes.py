from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from config.forms import LongText
from outcomes.actions.programmes import LONGEST_HOW
from outcomes.models import Outcome, ProgrammeOutcome


class OutcomeLinksForm(forms.Form):
    """A tick and a sentence for each outcome of the partnership."""

    def __init__(
        self,
        *args: Any,
        outcomes: Iterable[Outcome],
        links: Iterable[ProgrammeOutcome],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes = list(outcomes)
        linked = {link.outcome_id: link.how for link in links}
        for outcome in self.outcomes:
            self.fields[f"helps_{outcome.pk}"] = forms.BooleanField(
                label=outcome.title, required=False, initial=outcome.pk in linked
            )
            self.fields[f"how_{outcome.pk}"] = forms.CharField(
                label="How should it help?",
                required=False,
                max_length=LONGEST_HOW,
                widget=LongText(rows=2),
                initial=linked.get(outcome.pk, ""),
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"outcome": one, "helps": self[f"helps_{one.pk}"], "how": self[f"how_{one.pk}"]}
            for one in self.outcomes
        ]

    def links(self) -> dict[Outcome, str]:
        given = self.cleaned_data
        return {one: given[f"how_{one.pk}"] for one in self.outcomes if given[f"helps_{one.pk}"]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for one in self.outcomes:
            if cleaned.get(f"how_{one.pk}") and not cleaned.get(f"helps_{one.pk}"):
                self.add_error(
                    f"helps_{one.pk}", "Tick the outcome that this sentence is about, or empty the sentence."
                )
        return cleaned
