"""The forms that set up outcomes and measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from config.forms import AffixInput, LongText, PickOne, Radios
from outcomes.models import (
    CalculationRule,
    Direction,
    Frequency,
    Measure,
    MeasureKind,
    Outcome,
    Ownership,
    Quadrant,
)
from partnerships.models import Partnership, Programme
from people.models import Person
from people.queries.people import people_of


def _number(width: int, suffix: str = "") -> forms.TextInput:
    if suffix:
        return AffixInput({"inputmode": "numeric"}, suffix=suffix, width=width)
    return forms.TextInput({"inputmode": "numeric", "class": f"govuk-input--width-{width}"})


HEADLINE, SECONDARY, IN_DEVELOPMENT = "headline", "secondary", "development"
TIERS = (
    (HEADLINE, "Headline measure"),
    (SECONDARY, "Secondary measure"),
    (IN_DEVELOPMENT, "Wanted: data development"),
)
# Each example is worked out by a test with the rule itself.
RULE_EXAMPLES = {
    CalculationRule.SUM: "For counts of separate things. 12 sessions and 8 sessions are 20 sessions.",
    CalculationRule.WEIGHTED_MEAN: "For averages, each counted by how many it is of. A mean of 6 from 10 people and of 9 from 30 people "
    "is 8.25, and not 7.5.",
    CalculationRule.MAXIMUM: "For peaks. 40 at the busiest time and 55 at the busiest time are 55.",
    CalculationRule.LATEST: "For what is true at one time, such as members of a club. 210 and then 230 are 230.",
    CalculationRule.RATIO_OF_SUMS: "For percentages and rates. 5 of 10 and 30 of 90 are 35 of 100: 35%, and not the mean of 50% and 33.3%.",
    CalculationRule.NOT_ADDABLE: "A unique count cannot be added: 30 children at Easter and 50 in summer may be 80 different children, "
    "or 50. No total is shown.",
}
SAME = "By the same rule"
PARTS = (
    ("What it is", ("outcome", "name", "definition", "kind", "programme", "quadrant", "tier")),
    (
        "How it is counted",
        (
            "unit",
            "decimals",
            "direction",
            "frequency",
            "numerator_name",
            "denominator_name",
            "is_running_total",
        ),
    ),
    (
        "How figures are put together",
        ("rule", "rule_across_periods", "rule_across_places", "rule_across_groups"),
    ),
    ("Whose it is", ("ownership", "outside_our_control", "owner")),
    ("Where its figures come from", ("source", "source_url", "licence", "due_after_days", "hide_below")),
)


def _axis(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", SAME), *CalculationRule.choices], widget=forms.Select
    )


class OutcomeForm(forms.Form):
    title = forms.CharField(
        max_length=200,
        help_text="A condition of life that partners want for everyone, such as “Everyone moves more”.",
    )
    description = forms.CharField(
        required=False,
        max_length=5000,
        widget=LongText,
        help_text="Why it matters, and for whom it matters most.",
    )
    position = forms.IntegerField(
        label="Place in the order",
        required=False,
        min_value=0,
        max_value=999,
        widget=_number(3),
        help_text="Outcomes are shown from 1 upwards. Left empty, a new one comes last.",
    )


class MeasureForm(forms.Form):
    outcome = forms.ModelChoiceField(Outcome.objects.none(), empty_label="Select an outcome")
    name = forms.CharField(
        max_length=200, help_text="As a reader would say it, such as “Physically active adults”."
    )
    definition = forms.CharField(
        required=False,
        max_length=5000,
        widget=LongText,
        help_text="Exactly what is counted, of whom, and what is left out.",
    )
    kind = forms.ChoiceField(
        label="What kind of measure it is",
        choices=MeasureKind,
        widget=Radios(
            hints={
                MeasureKind.INDICATOR: "About everyone in a place. No one body answers for it.",
                MeasureKind.PERFORMANCE: "About the people whom one programme works with. The two kinds are never added up.",
            }
        ),
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        required=False,
        empty_label="None",
        widget=PickOne,
        help_text="Only for a programme's own measure.",
    )
    quadrant = forms.ChoiceField(
        label="Which question it answers",
        required=False,
        choices=[("", "None of these"), *Quadrant.choices],
        widget=Radios,
        help_text="Only for a programme's own measure.",
    )
    tier = forms.ChoiceField(
        label="How it is shown",
        choices=TIERS,
        widget=Radios(
            hints={
                HEADLINE: "Stands first, on the dashboard and in reports. Few measures should.",
                SECONDARY: "Helps to understand the headline measures.",
                IN_DEVELOPMENT: "We want it and do not have good data yet. It is listed as wanted, and never counts as missing.",
            }
        ),
    )
    unit = forms.CharField(
        max_length=40,
        help_text="Such as %, children, or per 100,000 people.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )
    decimals = forms.IntegerField(
        label="Decimal places", min_value=0, max_value=6, widget=_number(2), help_text="How many are shown."
    )
    direction = forms.ChoiceField(label="Which way is good", choices=Direction, widget=Radios)
    frequency = forms.ChoiceField(label="How often there is a figure", choices=Frequency, widget=Radios)
    numerator_name = forms.CharField(
        label="What is counted",
        required=False,
        max_length=120,
        help_text="The number on top, such as “adults who are active”.",
    )
    denominator_name = forms.CharField(
        label="Out of what",
        required=False,
        max_length=120,
        help_text="The number below, such as “all adults”. Only for percentages, rates and averages.",
    )
    rule = forms.ChoiceField(
        label="How partners’ figures make one",
        choices=CalculationRule,
        widget=Radios(hints=RULE_EXAMPLES),
    )
    rule_across_periods = _axis("How figures of several months or quarters make a year")
    rule_across_places = _axis("How figures of several places make one of them all")
    rule_across_groups = _axis("How figures of groups make everybody’s")
    ownership = forms.ChoiceField(label="Whose it is to change", choices=Ownership, widget=Radios)
    outside_our_control = forms.CharField(
        label="What is outside our control",
        required=False,
        max_length=5000,
        widget=LongText(rows=3),
        help_text="What else moves this figure, whatever partners do.",
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label="Who looks after it",
        required=False,
        empty_label="Nobody yet",
        widget=PickOne,
        help_text="Who sees to it that its figures come, and is told when somebody asks about them.",
    )
    source = forms.CharField(required=False, max_length=300, help_text="Who publishes the figures.")
    source_url = forms.URLField(label="Web address of the source", required=False, assume_scheme="https")
    licence = forms.CharField(
        required=False, max_length=100, help_text="Such as Open Government Licence v3.0.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )  # fmt: skip
    due_after_days = forms.IntegerField(
        label="When a figure is due",
        min_value=0,
        max_value=3650,
        widget=_number(4, "days after its period ends"),
        help_text="Later than this, it is shown as late.",
    )
    is_running_total = forms.BooleanField(
        label="Each figure counts everything so far",
        required=False,
        help_text="So it should never go down; a partner who sends a lower one is asked why.",
    )
    hide_below = forms.IntegerField(
        label="Hide small counts below",
        required=False,
        min_value=2,
        max_value=100,
        widget=_number(3),
        help_text="With 5, counts from 1 to 4 are hidden wherever they are shown. Left empty, nothing is hidden.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].queryset = Outcome.objects.filter(partnership=partnership)
        self.fields["programme"].queryset = Programme.objects.filter(partnership=partnership)
        keeps = self.initial.get("owner")
        self.fields["owner"].queryset = owners_of(partnership, keeps)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The questions under the headings of the page."""
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in PARTS]


def owners_of(partnership: Partnership, keeps: int | None) -> QuerySet[Person]:
    """Who may look after a measure: whoever is here now, and whoever does so already."""
    now = people_of(partnership).values("pk")
    return Person.objects.filter(Q(pk__in=now) | Q(pk=keeps)).order_by("name")


def told(form: forms.Form) -> dict[str, Any]:
    """What a filled-in form says, in the words of the measure's actions: a tier is two answers there."""
    said = dict(form.cleaned_data)
    tier = said.pop("tier")
    return said | {"is_headline": tier == HEADLINE, "is_in_development": tier == IN_DEVELOPMENT}


def tier_of(measure: Measure) -> str:
    if measure.is_in_development:
        return IN_DEVELOPMENT
    return HEADLINE if measure.is_headline else SECONDARY
