from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, Radios
from partnerships.models import AgendaItem, DecisionEffect, Meeting, SimpleRule
from partnerships.queries.meetings import rules_for


class DecisionForm(forms.Form):
    what = forms.CharField(
        label="What did the board decide?",
        max_length=500,
        widget=LongText(rows=3),
        help_text="So that somebody who was not there knows what holds from now on.",
    )
    why = forms.CharField(label="Why?", required=False, max_length=10_000, widget=LongText(rows=4))
    rule = forms.ModelChoiceField(
        label="Which of the partnership’s simple rules did it go by?",
        queryset=SimpleRule.objects.none(),
        required=False,
        empty_label="None of them",
        widget=Radios,
    )
    agenda_item = forms.ModelChoiceField(
        label="Under which item?",
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label="None of them",
    )

    def __init__(self, *args: Any, meeting: Meeting, cited: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agenda_item"].queryset = meeting.agenda.order_by("position", "pk")
        rules = rules_for(meeting.partnership, cited)
        if rules:
            self.fields["rule"].queryset = rules
        else:
            del self.fields["rule"]


class FollowUpForm(forms.Form):
    effect = forms.ChoiceField(label="What became of it?", choices=DecisionEffect.choices, widget=Radios)
    effect_note = forms.CharField(
        label="How do we know?",
        required=False,
        max_length=10_000,
        widget=LongText(rows=4),
        help_text="What changed and who saw it, or why nothing did.",
    )
    effect_on = DateField(label="As seen on which day?")
