from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from config.forms import AffixInput, Checkboxes, DateField
from config.words import day_words
from partnerships.actions.periods import LONGEST_NAME, NewPeriod
from partnerships.queries.periods import Proposal

# Rows beyond those proposed, for a holiday that no calendar knows.
EMPTY_ROWS = 1
MOST_DAYS_LATER = 365
# Days outside these are slips of the keyboard.
FIRST_YEAR, LAST_YEAR = 2000, 2100
NO_SUCH_YEAR = f"Enter a year from {FIRST_YEAR} to {LAST_YEAR}."


def is_sensible(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


class PeriodForm(forms.Form):
    name = forms.CharField(
        label="Name of the period", max_length=LONGEST_NAME, help_text="Such as Summer 2027."
    )
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day")
    returns_due_on = DateField(label="When are partners’ figures due?")


def due_after_field(initial: int = 21) -> forms.IntegerField:
    return forms.IntegerField(
        label="When are partners’ figures due?",
        min_value=0,
        max_value=MOST_DAYS_LATER,
        initial=initial,
        widget=AffixInput({"inputmode": "numeric"}, suffix="days after the last day", width=3),
    )


class SpanForm(forms.Form):
    """The span for which periods are proposed, as it stands in the address."""

    since = DateField(label="From")
    until = DateField(label="To")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        for name in ("since", "until"):
            if cleaned.get(name) and not is_sensible(cleaned[name]):
                self.add_error(name, NO_SUCH_YEAR)
        if since and until and not self.errors:
            if until < since:
                self.add_error("until", "The last day must be on or after the first.")
            elif until > since + timedelta(days=5 * 366):
                self.add_error("until", "Choose five years or fewer.")
        return cleaned


class PeriodRows:
    """A part of a form that takes periods: to tick where the calendar is certain, else rows with days to check.

    `offer_periods` adds the fields, `chosen_periods` reads them once the form is valid.
    """

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]
    proposals: Sequence[Proposal]
    number_of_rows = 0

    def offer_periods(self, proposals: Sequence[Proposal], *, with_days: bool) -> None:
        self.proposals = proposals
        if not with_days:
            self.fields["periods"] = forms.MultipleChoiceField(
                label="Which periods?",
                required=False,
                choices=[(one.starts_on.isoformat(), one.name) for one in proposals],
                initial=[one.starts_on.isoformat() for one in proposals],
                widget=Checkboxes(hints={one.starts_on.isoformat(): span_words(one) for one in proposals}),
            )
            return
        rows: list[Proposal | None] = [*proposals, *[None] * EMPTY_ROWS]
        self.number_of_rows = len(rows)
        for number, one in enumerate(rows, 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label="Name", required=False, max_length=LONGEST_NAME, initial=one.name if one else ""
            )
            for field, label in (("starts_on", "First day"), ("ends_on", "Last day")):
                self.fields[f"{field}_{number}"] = DateField(
                    label=label, required=False, initial=getattr(one, field) if one else None
                )

    @property
    def period_rows(self) -> list[dict[str, Any]]:
        """For the template: each row's legend and its fields."""
        return [
            {
                "legend": f"Period {number}",
                "fields": [self[f"{name}_{number}"] for name in ("name", "starts_on", "ends_on")],  # type: ignore[index]
            }
            for number in range(1, self.number_of_rows + 1)
        ]

    def plain_fields(self) -> list[Any]:
        """Every field that stands in no row."""
        in_rows = {field.name for row in self.period_rows for field in row["fields"]}
        return [field for field in self if field.name not in in_rows]  # type: ignore[attr-defined]

    def check_periods(self) -> None:
        """A row is empty or whole."""
        for number in range(1, self.number_of_rows + 1):
            name, starts_on, ends_on = self._row(number)
            if not (name or starts_on or ends_on):
                continue
            for field, value, words in (
                ("name", name, "Enter a name, or empty the whole row."),
                ("starts_on", starts_on, "Enter the first day, or empty the whole row."),
                ("ends_on", ends_on, "Enter the last day, or empty the whole row."),
            ):
                if not value and f"{field}_{number}" not in self.errors:  # type: ignore[attr-defined]
                    self.add_error(f"{field}_{number}", words)  # type: ignore[attr-defined]
            for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
                if day and not is_sensible(day):
                    self.add_error(f"{field}_{number}", NO_SUCH_YEAR)  # type: ignore[attr-defined]
            if starts_on and ends_on and ends_on < starts_on:
                self.add_error(f"ends_on_{number}", "The last day must be on or after the first.")  # type: ignore[attr-defined]

    def chosen_periods(self) -> list[NewPeriod]:
        later = timedelta(days=self.cleaned_data["due_after"])
        if not self.number_of_rows:
            ticked = set(self.cleaned_data.get("periods", ()))
            return [
                NewPeriod(one.name, one.starts_on, one.ends_on, one.ends_on + later)
                for one in self.proposals
                if one.starts_on.isoformat() in ticked
            ]
        rows = (self._row(number) for number in range(1, self.number_of_rows + 1))
        return [
            NewPeriod(name, start, end, end + later) for name, start, end in rows if name and start and end
        ]

    def _row(self, number: int) -> tuple[str, date | None, date | None]:
        given = self.cleaned_data
        return (
            given.get(f"name_{number}", ""),
            given.get(f"starts_on_{number}"),
            given.get(f"ends_on_{number}"),
        )


class ProposedPeriodsForm(PeriodRows, forms.Form):
    def __init__(self, *args: Any, proposals: Sequence[Proposal], with_days: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_periods(proposals, with_days=with_days)
        self.fields["due_after"] = due_after_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_periods()
        return cleaned


def span_words(one: Proposal) -> str:
    return f"{day_words(one.starts_on)} to {day_words(one.ends_on)}"
