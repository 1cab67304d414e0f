"""The forms in which commitments are made, changed, taken on, closed, opened again and verified."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet

from config.forms import BoundField, Checkboxes, DateField, LongText, PickOne, Radios
from config.words import day_words
from outcomes.models import Outcome
from partnerships.actions.commitments import LONGEST, LONGEST_REASON, PEOPLE
from partnerships.actions.commitments_closing import Successor
from partnerships.models import (
    Board,
    Commitment,
    CommitmentStatus,
    Meeting,
    MeetingStatus,
    Organisation,
    Partnership,
    Programme,
    Verdict,
)
from partnerships.queries.activities import organisations_of
from people.models import Person
from people.queries.named import people_to_name

TOO_LONG = {"max_length": "This must be %(limit_value)d characters or fewer. It has %(show_value)d."}
GONE = "What you chose is no longer in this partnership. Choose again."
CLOSINGS = {
    CommitmentStatus.KEPT: "What was promised was done",
    CommitmentStatus.CHANGED: "Something else is done instead, or by another day",
    CommitmentStatus.LET_GO: "It will not be done",
}


class OneMeeting(forms.ModelChoiceField):
    def label_from_instance(self, meeting: Meeting) -> str:
        title = f" ({meeting.title})" if meeting.title else ""
        return f"{meeting.board}, {day_words(meeting.held_on)}{title}"


class OnePerson(forms.ModelChoiceField):
    """One of the people whom the form knows: asked for once, however many of its questions are about people."""

    known: Callable[[], dict[str, Person]]

    def to_python(self, value: Any) -> Person | None:
        if value in self.empty_values:
            return None
        found = self.known().get(str(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class CommitmentForm(forms.Form):
    """Three questions make a commitment; the others stand in sections below. Choices are only ever this partnership's."""

    what = forms.CharField(
        label="What is promised?",
        max_length=LONGEST["what"],
        help_text="One line that begins with what somebody will do, such as: Ask the leisure trust for an indoor route.",
        error_messages={"required": "Enter what is promised, in a few words"} | TOO_LONG,
    )
    owner = OnePerson(
        Person.objects.none(),
        label="Who will do it?",
        required=False,
        widget=PickOne,
        empty_label="Nobody yet",
        help_text="Left open, it stands first on everybody’s home page until somebody takes it on.",
    )
    due_on = DateField(label="By when?", required=False)

    owner_organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="For which organisation?",
        required=False,
        widget=PickOne,
        empty_label="The one they work for here",
    )
    accountable = OnePerson(
        Person.objects.none(),
        label="Who answers for it?",
        required=False,
        widget=PickOne,
        empty_label="Nobody in particular",
        help_text="They are told when it is overdue, and asked to verify it when it is closed.",
    )
    enabler = OnePerson(
        Person.objects.none(),
        label="Who can make it happen?",
        required=False,
        widget=PickOne,
        empty_label="Nobody in particular",
        help_text="Somebody whose decision or help it needs.",
    )
    meeting = OneMeeting(
        Meeting.objects.none(),
        label="At which meeting was it promised?",
        required=False,
        widget=PickOne,
        empty_label="Not at a meeting",
    )
    board = forms.ModelChoiceField(
        Board.objects.none(),
        label="To which board?",
        required=False,
        empty_label="Not to a board",
        help_text="A meeting brings its own board.",
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        label="For which programme?",
        required=False,
        empty_label="Not for a programme",
    )
    outcomes = forms.ModelMultipleChoiceField(
        Outcome.objects.none(),
        label="Outcomes it should help",
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
    )
    detail = forms.CharField(
        label="What else should be known about it?",
        required=False,
        max_length=LONGEST["detail"],
        error_messages=TOO_LONG,
        widget=LongText(rows=5),
    )

    mark_optional = False  # The page says it once, of everything below the first question.
    QUICK = ("what", "owner", "due_on")
    SECTIONS = (
        ("Who else", ("owner_organisation", "accountable", "enabler")),
        ("Where it comes from", ("meeting", "board", "programme")),
        ("Outcomes and details", ("outcomes", "detail")),
    )
    CHOSEN = (
        "owner",
        "owner_organisation",
        "accountable",
        "enabler",
        "meeting",
        "board",
        "programme",
        "outcomes",
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        saved: Commitment | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        held = [getattr(saved, f"{name}_id") for name in PEOPLE] if saved else []
        people = Person.objects.filter(Q(pk__in=people_to_name(partnership).values("pk")) | Q(pk__in=held))
        known = cache(lambda: {str(person.pk): person for person in people})
        for name in PEOPLE:
            self.fields[name].known = known
            self.fields[name].error_messages["invalid_choice"] = GONE
        for name, choices in choices_of(partnership).items():
            field = self.fields[name]
            field.queryset = _with(choices, saved and getattr(saved, name, None))
            field.error_messages["invalid_choice"] = GONE
        del self.fields["detail"].widget.attrs["maxlength"]  # No count beside what hardly ever comes near it.

    def fetch_choices(self) -> None:
        """Ask for every list now, so that drawing the page asks for nothing."""
        for name in self.CHOSEN:
            field = self.fields[name]
            if name in PEOPLE:
                names = [(person.pk, person.name) for person in field.known().values()]
                field.choices = [("", field.empty_label), *names]
            else:
                field.choices = list(field.choices)

    def quick(self) -> list[BoundField]:
        return [self[name] for name in self.QUICK]

    def sections(self) -> list[dict[str, Any]]:
        """The other questions under headings; one that holds an answer or a mistake is open."""
        found = []
        for title, names in self.SECTIONS:
            fields = [self[name] for name in names]
            is_open = any(field.errors or field.value() for field in fields)
            found.append({"title": title, "fields": fields, "is_open": is_open})
        return found


class TakeOnForm(forms.Form):
    due_on = DateField(
        label="By when will you do it?", required=False, help_text="Leave empty if you can’t say yet."
    )


class CloseForm(forms.Form):
    status = forms.ChoiceField(
        label="What became of it?",
        choices=[(status.value, status.label) for status in CLOSINGS],
        widget=Radios(hints={status.value: hint for status, hint in CLOSINGS.items()}),
    )
    reason = forms.CharField(
        label="What was done, or why did it change or go?",
        required=False,
        max_length=LONGEST_REASON,
        error_messages=TOO_LONG,
        widget=LongText(rows=4),
        help_text="Needed when it was changed or let go. Others learn from it.",
    )
    on = DateField(label="On which day?")
    into_what = forms.CharField(
        label="What is promised instead?",
        required=False,
        max_length=LONGEST["what"],
        error_messages=TOO_LONG,
        help_text="The same people, board and programme. You can change it afterwards.",
    )
    into_due_on = DateField(label="By when, then?", required=False)

    mark_optional = False
    MAIN = ("status", "reason", "on")
    INTO = ("into_what", "into_due_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = [name for name in self.INTO if cleaned.get(name)]
        if given and cleaned.get("status") not in {None, "", CommitmentStatus.CHANGED}:
            self.add_error("status", "Choose “Changed” if something else is promised instead.")
        if "into_due_on" in given and not cleaned.get("into_what"):
            self.add_error("into_what", "Enter what is promised instead, or remove its date.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        into = Successor(given["into_what"], given["into_due_on"]) if given["into_what"].strip() else None
        return {"status": given["status"], "reason": given["reason"], "on": given["on"], "into": into}

    def main(self) -> list[BoundField]:
        return [self[name] for name in self.MAIN]

    def into(self) -> list[BoundField]:
        return [self[name] for name in self.INTO]

    def into_is_open(self) -> bool:
        is_changed = self["status"].value() == CommitmentStatus.CHANGED
        return is_changed or any(field.errors or field.value() for field in self.into())


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Why is it open again?",
        max_length=LONGEST_REASON,
        error_messages=TOO_LONG,
        widget=LongText(rows=4),
    )


class VerifyForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Was it adequate?",
        choices=[(verdict.value, verdict.label) for verdict in Verdict],
        widget=Radios(
            hints={
                Verdict.ADEQUATE.value: "What was done, or the reason given, is enough",
                Verdict.NOT_ADEQUATE.value: "Something is missing. You can open it again afterwards",
            }
        ),
    )
    note = forms.CharField(
        label="What did you see?",
        required=False,
        max_length=LONGEST_REASON,
        error_messages=TOO_LONG,
        widget=LongText(rows=4),
        help_text="Needed when it was not adequate: say what is missing.",
    )

    mark_optional = False


def choices_of(partnership: Partnership) -> dict[str, QuerySet]:
    """What a commitment of this partnership may name, by the name of the question."""
    meetings = Meeting.objects.filter(partnership=partnership).exclude(status=MeetingStatus.CANCELLED)
    return {
        "owner_organisation": organisations_of(partnership),
        "meeting": meetings.select_related("board"),
        "board": Board.objects.filter(partnership=partnership, ended_on__isnull=True),
        "programme": Programme.objects.filter(partnership=partnership),
        "outcomes": Outcome.objects.filter(partnership=partnership),
    }


def _with(choices: QuerySet, chosen: Model | None) -> QuerySet:
    """The choices, and what a commitment holds already although it is no longer among them."""
    if chosen is None:
        return choices
    wider = choices.model._default_manager.filter(Q(pk__in=choices.values("pk")) | Q(pk=chosen.pk))
    return wider.select_related("board") if isinstance(chosen, Meeting) else wider
