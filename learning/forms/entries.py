from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickOne, Radios
from learning.models import CameFrom, Verdict
from outcomes.models import Outcome
from partnerships.models import Partnership
from people.queries.people import people_of

NO_NAMES = "Do not name or describe a child, patient or family so that somebody could recognise them."


class LearningForm(forms.Form):
    """What we expected, what happened, whether it worked, what we change."""

    title = forms.CharField(label="What did we learn, in a few words?", max_length=200)
    learned_on = DateField(label="When did we learn it?")
    expected = forms.CharField(label="What did we expect?", widget=LongText(rows=3), max_length=5000)
    happened = forms.CharField(
        label="What happened?", help_text=NO_NAMES, widget=LongText(rows=4), max_length=5000
    )
    verdict = forms.ChoiceField(label="Did it work?", choices=Verdict.choices, widget=Radios)
    why = forms.CharField(label="Why, do we think?", required=False, widget=LongText(rows=3), max_length=5000)
    what_changes = forms.CharField(
        label="What will we change?",
        help_text="Leave it empty if nobody knows yet. The learning log shows what is still open.",
        required=False,
        widget=LongText(rows=3),
        max_length=5000,
    )
    came_from = forms.ChoiceField(
        label="Where did it come from?", choices=CameFrom.choices, initial=CameFrom.OBSERVATION, widget=Radios
    )
    outcome = forms.ModelChoiceField(
        label="Which outcome is it about?", queryset=Outcome.objects.none(), required=False, widget=PickOne
    )
    owner = forms.ModelChoiceField(
        label="Who sees that it changes something?",
        queryset=Outcome.objects.none(),
        required=False,
        widget=PickOne,
    )
    review_on = DateField(label="When should we look at it again?", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].queryset = Outcome.objects.filter(partnership=partnership)
        self.fields["owner"].queryset = people_of(partnership)


class LogFilters(forms.Form):
    """Narrows the learning log; lives in the address."""

    mark_optional = False
    q = forms.CharField(label="Words", required=False, max_length=200)
    verdict = forms.ChoiceField(label="Did it work?", required=False, choices=[("", "Any"), *Verdict.choices])
    outcome = forms.ModelChoiceField(
        label="Outcome", queryset=Outcome.objects.none(), required=False, empty_label="Any"
    )
    unanswered = forms.BooleanField(label="Only where “what will change” is still open", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].queryset = Outcome.objects.filter(partnership=partnership)
