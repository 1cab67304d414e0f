from __future__ import annotations

from typing import Any

from django import forms

from config.forms import DateField, LongText, PickMany, PickOne, Radios
from partnerships.models import (
    Calendar,
    CoDesign,
    Organisation,
    Partnership,
    Place,
    Programme,
    ProgrammeKind,
    ProgrammeStatus,
    StrategyTheme,
)
from partnerships.queries.activities import organisations_of, places_of
from partnerships.queries.programmes import ProgrammeFilters

STATUSES = {
    ProgrammeStatus.PLANNED: "Agreed or being prepared; nobody has been served yet.",
    ProgrammeStatus.RUNNING: "People are being served. Partners are asked for figures.",
    ProgrammeStatus.PAUSED: "Stands still for now and is meant to go on. No new figures are asked for.",
    ProgrammeStatus.STOPPED: "Ended before its time. No new figures are asked for.",
    ProgrammeStatus.FINISHED: "Ran to its end. Figures of its last periods are still asked for.",
}
LADDER = {
    CoDesign.NOT_SAID: "Nobody has told yet.",
    CoDesign.INFORMED: "Residents were told what would happen.",
    CoDesign.CONSULTED: "Residents were asked, or said afterwards what they thought. This is not co-design.",
    CoDesign.CO_DESIGNED: "Residents shaped it from the start, with the people who decide.",
    CoDesign.LED: "Residents decided and ran it; others helped.",
}
CALENDARS = {
    Calendar.NONE: "Figures come some other way, or there are none.",
    Calendar.HOLIDAY: "Such as Easter, summer and Christmas.",
}


class Named:
    """What choices a form about a programme offers."""

    fields: dict[str, Any]

    def offer(self, partnership: Partnership) -> None:
        organisations = organisations_of(partnership)
        choices = {
            "provider": organisations,
            "commissioner": organisations,
            "partners": organisations,
            "places": places_of(partnership).distinct(),
            "themes": StrategyTheme.objects.filter(partnership=partnership).select_related("strategy"),
        }
        for name, rows in choices.items():
            if name in self.fields:
                self.fields[name].queryset = rows


class ThemeField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, theme: StrategyTheme) -> str:
        return f"{theme.name} ({theme.strategy.name})"


def organisation_field(label: str, **said: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label, queryset=Organisation.objects.none(), required=False, widget=PickOne, **said
    )


def partners_field() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label="Which partners take part?",
        queryset=Organisation.objects.none(),
        required=False,
        widget=PickMany(noun="organisations"),
        help_text="They are asked for its figures. Without any, whoever runs it is asked.",
    )


def places_field() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label="Where?", queryset=Place.objects.none(), required=False, widget=PickMany(noun="places")
    )


class ProgrammeForm(Named, forms.Form):
    name = forms.CharField(label="Name of the programme", max_length=200)
    kind = forms.ChoiceField(
        label="What kind of programme is it?", choices=ProgrammeKind.choices, widget=Radios
    )
    status = forms.ChoiceField(
        label="Where does it stand?",
        choices=ProgrammeStatus.choices,
        initial=ProgrammeStatus.RUNNING,
        widget=Radios(hints=STATUSES),
    )
    summary = forms.CharField(
        label="What does it do, and for whom?", required=False, max_length=4000, widget=LongText(rows=4)
    )
    commissioner = organisation_field("Who commissions it?")
    provider = organisation_field("Who runs it?")
    partners = partners_field()
    places = places_field()
    starts_on = DateField(label="First day", required=False)
    ends_on = DateField(label="Last day", required=False)
    theory_of_change = forms.CharField(
        label="What is the theory of change, in a sentence?",
        required=False,
        max_length=500,
        widget=LongText(rows=2),
        help_text="If we do this, then that follows, because of this.",
    )
    co_design = forms.ChoiceField(
        label="How deep did residents go?",
        choices=CoDesign.choices,
        required=False,
        widget=Radios(hints=LADDER),
    )
    co_design_change = forms.CharField(
        label="What changed because of residents?",
        required=False,
        max_length=4000,
        widget=LongText(rows=3),
        help_text="Needed for the two deepest: only with it does the programme count as co-created.",
    )
    themes = ThemeField(
        label="Which themes of a strategy does it serve?",
        queryset=StrategyTheme.objects.none(),
        required=False,
        widget=PickMany(noun="themes"),
    )
    calendar = forms.ChoiceField(
        label="How often do partners send figures?",
        choices=Calendar.choices,
        required=False,
        widget=Radios(hints=CALENDARS),
    )

    def __init__(
        self, *args: Any, partnership: Partnership, programme: Programme | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(partnership)
        if programme is not None:
            # A status changes with a reason and a day, on a page of its own.
            del self.fields["status"]
        if not self.fields["themes"].queryset.exists():
            del self.fields["themes"]


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        label="Where does it stand now?",
        widget=Radios(hints=STATUSES),
        choices=ProgrammeStatus.choices,
    )
    changed_on = DateField(label="Since which day?")
    reason = forms.CharField(label="Why did it change?", max_length=2000, widget=LongText(rows=3))
    context = forms.CharField(
        label="What was going on around it?",
        required=False,
        max_length=4000,
        widget=LongText(rows=3),
        help_text="Such as money that ended, a change of staff, or a closure elsewhere. It helps whoever reads the figures later.",
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [
            choice for choice in ProgrammeStatus.choices if choice[0] != programme.status
        ]


class ProgrammeFilterForm(forms.Form):
    """The filters of the list, as they stand in its address. One that makes no sense is left out."""

    mark_optional = False

    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *ProgrammeKind.choices])
    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "Any"), *ProgrammeStatus.choices]
    )
    place = forms.ModelChoiceField(
        label="Place", required=False, queryset=Place.objects.none(), empty_label="Any", widget=PickOne
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places_of(partnership).distinct()

    def filters(self) -> ProgrammeFilters:
        self.is_valid()
        return ProgrammeFilters(
            **{name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)}
        )

    @property
    def is_used(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)
