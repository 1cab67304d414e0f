"""The filters of the list of commitments."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms

from config.forms import PickOne
from config.words import day_words
from outcomes.models import Outcome
from partnerships.forms.activity_log import NO_DAY, Day
from partnerships.models import Board, CommitmentStatus, Partnership, Programme
from partnerships.queries.commitments import ALL, CLOSED, OPEN, CommitmentFilters
from people.models import Person
from people.queries.named import people_to_name

STATUSES = [
    ("", "Open"),
    (CLOSED, "Closed, in any way"),
    *((status.value, status.label) for status in CommitmentStatus if status != CommitmentStatus.OPEN),
    (ALL, "Open and closed"),
]
_one = partial(forms.ModelChoiceField, required=False, empty_label="Any")


class CommitmentFilterForm(forms.Form):
    """The filters as they stand in the list's address. One that makes no sense is said, and left out."""

    mark_optional = False

    q = forms.CharField(label="Words", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False, choices=STATUSES)
    owner = _one(Person.objects.none(), label="Owner", widget=PickOne)
    board = _one(Board.objects.none(), label="Board")
    programme = _one(Programme.objects.none(), label="Programme")
    outcome = _one(Outcome.objects.none(), label="Outcome it should help")
    since = forms.DateField(label="Due from", required=False, widget=Day, error_messages=NO_DAY)
    until = forms.DateField(label="Due to", required=False, widget=Day, error_messages=NO_DAY)
    mine = forms.BooleanField(label="Only mine: I own it or answer for it", required=False)
    overdue = forms.BooleanField(label="Only overdue", required=False)
    unowned = forms.BooleanField(label="Only those that nobody owns", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = {
            "owner": people_to_name(partnership),
            "board": Board.objects.filter(partnership=partnership),
            "programme": Programme.objects.filter(partnership=partnership),
            "outcome": Outcome.objects.filter(partnership=partnership),
        }
        for name, choices in ours.items():
            self.fields[name].queryset = choices
            self.fields[name].error_messages["invalid_choice"] = f"There is no such {name} here."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must be on or after the first.")
        return cleaned

    def fetch_choices(self) -> None:
        for name in ("owner", "board", "programme", "outcome"):
            self.fields[name].choices = list(self.fields[name].choices)

    def filters(self, by: Person) -> CommitmentFilters:
        """The filters that make sense; the outcome is the outcomes app's own to look for."""
        self.is_valid()
        given = self.cleaned_data
        return CommitmentFilters(
            text=given.get("q", ""),
            status=given.get("status") or OPEN,
            owner=given.get("owner"),
            mine=by if given.get("mine") else None,
            board=given.get("board"),
            programme=given.get("programme"),
            due_from=given.get("since"),
            due_until=given.get("until"),
            is_overdue=bool(given.get("overdue")),
            is_unowned=bool(given.get("unowned")),
        )

    def as_query(self) -> str:
        """The filters that make sense as they stand in an address, always in the same order."""
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])

    def left_out(self) -> list[str]:
        """What is wrong with the filters that make no sense, in a sentence each."""
        return [
            f"{self.fields[name].label}: {error}" for name, errors in self.errors.items() for error in errors
        ]

    def in_use(self) -> list[tuple[str, str]]:
        """The filters that narrow the list, each with its name and in words."""
        words = []
        for name, value in self.cleaned_data.items():
            if not value:
                continue
            label = str(self.fields[name].label)
            if value is True:
                words.append((name, label))
            elif name in {"since", "until"}:
                words.append((name, f"{label} {day_words(value)}"))
            else:
                words.append((name, f"{label}: {dict(STATUSES)[value] if name == 'status' else value}"))
        return words
