from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms

from config.forms import DateField, LongText, PickOne, Radios
from config.words import day_words
from partnerships.models import Activity, ActivityKind, Partnership, Programme
from partnerships.queries.activities import visible
from people.forms.choices import OneOf, share
from people.forms.voices import Day
from people.models import Introduction, Person
from people.permissions import Permission
from people.queries.introductions import WORDS, IntroductionFilters
from people.queries.named import people_to_name
from people.queries.people import people_of

HINTS = {
    "nothing": "They met and left it there. That is worth knowing too.",
    "contact": "They write to each other or meet.",
    "joint_work": "They do something together that neither did before.",
    "programme": "It became a programme of the partnership.",
}
RECENT = 100
NO_DAY = {"invalid": "Enter a real date."}


class IntroductionForm(forms.Form):
    one = OneOf(label="Who was introduced?", queryset=Person.objects.none(), widget=PickOne)
    other = OneOf(label="To whom?", queryset=Person.objects.none(), widget=PickOne)
    made_by = OneOf(
        label="Who introduced them?",
        queryset=Person.objects.none(),
        widget=PickOne,
        help_text="Somebody who is in no list yet is added under People and organisations first.",
    )
    made_on = DateField(label="When?")
    why = forms.CharField(label="Why?", required=False, max_length=2_000, widget=LongText(rows=3))
    activity = forms.ModelChoiceField(
        label="At which activity?",
        queryset=Activity.objects.none(),
        required=False,
        widget=PickOne,
        help_text="Where the introduction is in the activity log.",
    )

    def __init__(
        self, *args: Any, partnership: Partnership, by: Person, activity: Activity | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        share(self, ("one", "other", "made_by"), people_to_name(partnership))
        mine = visible(partnership, by)
        logged = mine.filter(kind=ActivityKind.INTRODUCTION).order_by("-happened_on", "-pk")
        keys = list(logged.values_list("pk", flat=True)[:RECENT])
        self.fields["activity"].queryset = mine.filter(pk__in=[*keys, activity.pk] if activity else keys)
        self.fields["activity"].label_from_instance = lambda a: f"{day_words(a.happened_on)}: {a.title}"


class WhatCameForm(forms.Form):
    came_of_it = forms.ChoiceField(
        label="What came of it?", choices=list(WORDS.items()), required=False, widget=Radios(hints=HINTS)
    )
    programme = forms.ModelChoiceField(
        label="Which programme?", queryset=Programme.objects.none(), required=False, widget=PickOne
    )
    looked_at_on = DateField(label="When did you look?")
    note = forms.CharField(
        label="What do you know about it?", required=False, max_length=2_000, widget=LongText(rows=3)
    )

    def __init__(self, *args: Any, introduction: Introduction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(partnership=introduction.partnership_id)


class IntroductionFilterForm(forms.Form):
    """The filters of the introductions, as they stand in the address."""

    mark_optional = False

    q = forms.CharField(label="Words", required=False, max_length=200)
    person = forms.ModelChoiceField(
        label="Person", queryset=Person.objects.none(), required=False, empty_label="Anybody", widget=PickOne
    )
    came = forms.ChoiceField(
        label="What came of it",
        required=False,
        choices=[("", "Anything"), *((value or "unknown", words) for value, words in WORDS.items())],
    )
    since = forms.DateField(label="From", required=False, widget=Day, error_messages=NO_DAY)
    until = forms.DateField(label="To", required=False, widget=Day, error_messages=NO_DAY)
    to_ask = forms.BooleanField(label="Only where somebody should ask", required=False)

    def __init__(self, *args: Any, partnership: Partnership, reader: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        all_of_them = reader.has_perm(Permission.VIEW_LEAVERS, partnership)
        self.fields["person"].queryset = (people_to_name if all_of_them else people_of)(partnership)

    def filters(self) -> IntroductionFilters:
        self.is_valid()
        given = self.cleaned_data
        return IntroductionFilters(
            text=given.get("q", ""),
            came=given.get("came", ""),
            person=given.get("person"),
            starts_on=given.get("since"),
            ends_on=given.get("until"),
            to_ask=bool(given.get("to_ask")),
        )

    def left_out(self) -> str:
        return " ".join(
            f"{self.fields[name].label}: {error}" for name, errors in self.errors.items() for error in errors
        )

    def as_query(self) -> str:
        return urlencode([(name, self.data[name]) for name in self.fields if self.cleaned_data.get(name)])
