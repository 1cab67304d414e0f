from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField

from config.forms import PickMany, Radios
from partnerships.actions.attendance import Attended
from partnerships.models import Attendance, AttendanceKind, Meeting, Seat
from people.models import Person
from people.queries.people import known_people_of

# Shorter than in the minutes, so that the four stand in one line.
ANSWERS = [
    (AttendanceKind.PRESENT, "Present"),
    (AttendanceKind.REPRESENTED, "Represented"),
    (AttendanceKind.APOLOGIES, "Apologies"),
    (AttendanceKind.ABSENT, "Not present"),
]


class AttendanceForm(forms.Form):
    """One question for each seat holder, and guests. Nothing has to be answered."""

    guests = forms.ModelMultipleChoiceField(
        label="Who else was there?",
        queryset=Person.objects.none(),
        required=False,
        widget=PickMany(noun="people"),
        help_text="Guests who are in the partnership’s list of people. Others are named in the minutes.",
    )

    def __init__(
        self, *args: Any, meeting: Meeting, seats: list[Seat], known: Iterable[Attendance], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        known = {row.person_id: row for row in known}
        for seat in seats:
            row = known.get(seat.person_id)
            self.fields[f"kind_{seat.person_id}"] = forms.ChoiceField(
                label=seat.person.name,
                help_text=", ".join(
                    part for part in (seat.get_kind_display(), str(seat.organisation or "")) if part
                ),
                choices=ANSWERS,
                required=False,
                initial=row.kind if row else "",
                widget=Radios({"class": "govuk-radios--inline govuk-radios--small"}),
            )
            self.fields[f"represented_by_{seat.person_id}"] = forms.CharField(
                label=f"Who came for {seat.person.name}?",
                required=False,
                max_length=150,
                initial=row.represented_by if row else "",
            )
        sitting = [seat.person_id for seat in seats]
        self.known_guests = [row for key, row in known.items() if key not in sitting]
        guests = known_people_of(meeting.partnership)
        was_there = Person.objects.filter(pk__in=[row.person_id for row in self.known_guests])
        self.fields["guests"].queryset = (guests | was_there).exclude(pk__in=sitting)
        self.fields["guests"].initial = [row.person_id for row in self.known_guests]
        self.order_fields([name for name in self.fields if name != "guests"])

    def rows(self) -> list[tuple[BoundField, BoundField]]:
        return [
            (self[f"kind_{seat.person_id}"], self[f"represented_by_{seat.person_id}"]) for seat in self.seats
        ]

    def people(self) -> list[Attended]:
        said = self.cleaned_data
        seated = [
            Attended(
                person=seat.person,
                kind=said[f"kind_{seat.person_id}"],
                organisation=seat.organisation,
                represented_by=said[f"represented_by_{seat.person_id}"],
            )
            for seat in self.seats
        ]
        before = {row.person_id: row.organisation for row in self.known_guests}
        return seated + [
            Attended(person=guest, kind=AttendanceKind.PRESENT, organisation=before.get(guest.pk))
            for guest in said["guests"]
        ]
