from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from config.forms import LongText
from outcomes.actions.programmes import LONGEST_HOW
from outcomes.models import Outcome, ProgrammeOutcome
from outcomes.statistics.haf import HafRules

USUAL = HafRules().as_kept()


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


def _asked(label: str, usual: float, *, whole: bool = True) -> forms.Field:
    said: dict[str, Any] = {"label": label, "min_value": 0, "help_text": f"Usually {usual:g}."}
    said["widget"] = forms.TextInput(
        {"inputmode": "numeric" if whole else "decimal", "class": "govuk-input--width-4"}
    )
    return forms.IntegerField(**said) if whole else forms.DecimalField(max_digits=5, decimal_places=1, **said)


class HolidayRulesForm(forms.Form):
    """What a holiday must offer; a return that offers less is asked about."""

    easter_days = _asked("Days at Easter, at least", USUAL["easter_days"])
    summer_days = _asked("Days in summer, at least", USUAL["summer_days"])
    summer_weeks = _asked("Weeks in summer over which they are spread, at least", USUAL["summer_weeks"])
    christmas_days = _asked("Days at Christmas, at least", USUAL["christmas_days"])
    hours_a_day = _asked("Hours a day, at least", USUAL["hours_a_day"], whole=False)
    other_children_share = _asked(
        "Per cent of the funding that may go to other children, at most",
        USUAL["other_children_share"],
        whole=False,
    )
    administration_share = _asked(
        "Per cent of the money spent on administration above which somebody asks",
        USUAL["administration_share"],
        whole=False,
    )

    def rules(self) -> dict[str, float]:
        given = self.cleaned_data
        return {name: value if isinstance(value, int) else float(value) for name, value in given.items()}
