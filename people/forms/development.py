from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickMany, PickOne, Radios
from config.words import day_words
from partnerships.models import Activity, Decision, Organisation, Partnership, Programme
from partnerships.queries.activities import organisations_of, visible
from people.models import Attended, CohortPlace, Evidence, Message, Person
from people.queries.named import people_to_name
from people.queries.voices import visible_voices

RECENT = 100


class CourseForm(forms.Form):
    name = forms.CharField(
        label="What is it called?", max_length=150, error_messages={"required": "Enter a name."}
    )
    purpose = forms.CharField(
        label="What is it for?", required=False, max_length=2_000, widget=LongText(rows=3)
    )
    provider = forms.ModelChoiceField(
        label="Who runs it?", queryset=Organisation.objects.none(), required=False, widget=PickOne
    )
    programme = forms.ModelChoiceField(
        label="Of which programme?", queryset=Programme.objects.none(), required=False, widget=PickOne
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = organisations_of(partnership)
        self.fields["programme"].queryset = Programme.objects.filter(partnership=partnership)


class CohortForm(forms.Form):
    name = forms.CharField(
        label="Which run is it?",
        max_length=100,
        help_text="Such as spring 2026.",
        error_messages={"required": "Enter a name, such as spring 2026."},
    )
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day", required=False)


class PlacesForm(forms.Form):
    people = forms.ModelMultipleChoiceField(
        label="Who has a place?",
        queryset=Person.objects.none(),
        widget=PickMany(noun="people"),
        error_messages={"required": "Choose at least one person."},
    )

    def __init__(self, *args: Any, partnership: Partnership, taken: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people_to_name(partnership).exclude(pk__in=taken).order_by("name")


class AttendanceForm(forms.Form):
    attended = forms.ChoiceField(label="How did they take part?", choices=Attended.choices, widget=Radios)
    champion_since = DateField(label="Champion since", required=False)
    champion_of = forms.CharField(
        label="Champion of what?",
        required=False,
        max_length=150,
        help_text="Such as inclusive sport at the leisure centre.",
    )


class InfluenceForm(forms.Form):
    what = forms.CharField(
        label="What did they set in motion?",
        max_length=300,
        help_text="Such as: the leisure centre trained its front desk.",
        error_messages={"required": "Enter what they set in motion."},
    )
    happened_on = DateField(label="When?")
    activity = forms.ModelChoiceField(
        label="In which activity?", queryset=Activity.objects.none(), required=False, widget=PickOne
    )
    message = forms.ModelChoiceField(
        label="By which message?", queryset=Message.objects.none(), required=False, widget=PickOne
    )
    decision = forms.ModelChoiceField(
        label="In which decision?", queryset=Decision.objects.none(), required=False, widget=PickOne
    )
    evidence = forms.ChoiceField(
        label="How strong is the evidence?",
        choices=Evidence.choices,
        widget=Radios,
        initial=Evidence.UNTESTED,
    )
    evidence_note = forms.CharField(
        label="What shows it?", required=False, max_length=2_000, widget=LongText(rows=3)
    )

    def __init__(self, *args: Any, place: CohortPlace, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partnership, since = place.cohort.course.partnership, place.cohort.starts_on
        activities = visible(partnership, by).filter(happened_on__gte=since)
        keys = list(activities.order_by("-happened_on", "-pk").values_list("pk", flat=True)[:RECENT])
        self.fields["activity"].queryset = visible(partnership, by).filter(pk__in=keys)
        self.fields["activity"].label_from_instance = lambda a: f"{day_words(a.happened_on)}: {a.title}"
        self.fields["message"].queryset = Message.objects.filter(
            partnership=partnership, voice__in=visible_voices(partnership, by).order_by().values("pk")
        ).select_related("voice", "to_board")
        self.fields["decision"].queryset = Decision.objects.filter(partnership=partnership)
