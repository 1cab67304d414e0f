from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.forms import PickMany, Radios
from partnerships.models import Partnership, ReportFrequency
from people.models import Person
from people.queries.people import people_of
from reports.models import ReportDefinition
from reports.queries.periods import Period, recent_periods


class DefinitionForm(forms.Form):
    """What a periodic report is called, how often it is made, and who is told."""

    name = forms.CharField(label="Name of the report", max_length=150)
    frequency = forms.ChoiceField(
        label="How often is it made?", choices=ReportFrequency.choices, widget=Radios
    )
    recipients = forms.ModelMultipleChoiceField(
        label="Who is told by e-mail when it is ready?",
        help_text="Only people with an e-mail address can be told.",
        queryset=Person.objects.none(),
        required=False,
        widget=PickMany(noun="people"),
    )
    is_active = forms.BooleanField(
        label="Make it by itself when a period is over", required=False, initial=True
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"].queryset = people_of(partnership).filter(email__isnull=False)


class MakeNowForm(forms.Form):
    """Which finished period to make the report for."""

    period = forms.ChoiceField(label="Period")

    def __init__(self, *args: Any, definition: ReportDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = {
            p.start.isoformat(): p for p in recent_periods(definition.frequency, timezone.localdate())
        }
        self.fields["period"].choices = [(key, period.words) for key, period in self.periods.items()]

    def clean_period(self) -> Period:
        return self.periods[self.cleaned_data["period"]]
