from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from config.forms import LongText, PickOne, Radios
from outcomes.models import RebaseCause
from outcomes.queries.finding import activities_like
from outcomes.queries.readings import Reading
from partnerships.models import Decision, Partnership
from partnerships.queries.activities import visible

CAUSES = {
    RebaseCause.CHANGE: "Partners do something in another way since then, and the figures show it",
    RebaseCause.DEFINITION: "The figures before and after do not count the same",
    RebaseCause.SETBACK: "Something from outside that will stay",
}


class RebaseForm(forms.Form):
    period_end = forms.TypedChoiceField(
        label="From which point?",
        coerce=date.fromisoformat,
        widget=PickOne,
        help_text="The first period of the new stretch. Only periods with a figure can be chosen.",
    )
    cause = forms.ChoiceField(
        label="What happened?", choices=RebaseCause.choices, widget=Radios(hints=CAUSES)
    )
    reason = forms.CharField(
        label="Why should the limits be worked out anew?",
        help_text="It stands beside the chart with your name. Do not name a child, patient or family.",
        max_length=2000,
        widget=LongText(rows=3, attrs={"maxlength": 2000}),
    )
    decision = forms.ModelChoiceField(
        label="Which decision does it go with?",
        queryset=Decision.objects.none(),
        required=False,
        widget=PickOne,
    )
    find = forms.CharField(
        label="Find the activity that it goes with",
        required=False,
        max_length=200,
        help_text="A word or two of its title. Press “Find and preview”, then choose.",
    )
    activity = forms.TypedChoiceField(
        label="Which activity does it go with?", required=False, coerce=int, empty_value=None, widget=Radios
    )
    hides_knowingly = forms.BooleanField(
        label="I looked at the preview: this turns a concern into ordinary ups and downs, and the reason says why that is right",
        required=False,
    )

    def __init__(
        self, *args: Any, reading: Reading, partnership: Partnership, viewer: Any, warned: bool = False, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        figures = [figure for figure in reading.series.figures if figure.value is not None][1:]
        points = [(f.period_end.isoformat(), f"{f.period_label}: {f.text}") for f in reversed(figures)]
        self.fields["period_end"].choices = [("", "Choose a period"), *points]
        decisions = Decision.objects.filter(partnership=partnership).select_related("meeting__board")
        self.fields["decision"].queryset = decisions.order_by("-meeting__held_on", "pk")
        found = activities_like(partnership, self._typed("find"), viewer=viewer)
        chosen = self._typed("activity")
        if chosen.isdecimal() and len(chosen) < 10 and int(chosen) not in {one.pk for one in found}:
            found = [*visible(partnership, viewer).filter(pk=chosen), *found]
        self.fields["activity"].choices = [
            ("", "None"),
            *((one.pk, f"{one.title} ({one.happened_on.day} {one.happened_on:%B %Y})") for one in found),
        ]
        if not found:
            del self.fields["activity"]
        if not warned:
            del self.fields["hides_knowingly"]

    def _typed(self, name: str) -> str:
        return str((self.data if self.is_bound else self.initial).get(name) or "")


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label="Why is it withdrawn?", max_length=2000, widget=LongText(rows=3, attrs={"maxlength": 2000})
    )
