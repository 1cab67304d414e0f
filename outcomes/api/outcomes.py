"""Outcomes and measures: what partners want to change, and how they count it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from outcomes.models import (
    CalculationRule,
    Direction,
    Frequency,
    Measure,
    MeasureKind,
    Outcome,
    Ownership,
    Quadrant,
    RebaseCause,
    TargetKind,
)
from outcomes.queries.evidence import Level, confidence_for
from outcomes.queries.rebases import RebaseRead, rebases_anywhere
from partnerships.models import Place, Programme
from people.partner_access.endpoints import IdField, ListEndpoint, PageParameters, SinceField, behind, named
from people.partner_access.schema import FIGURES, described, listed
from people.permissions import Scope
from reports.renderers.partner_csv import CsvRenderer

OUTCOME = {
    "id": "3",
    "title": "More people are active",
    "description": "Everybody in the borough finds it easy to move more.",
    "position": 1,
    "measures": [{"slug": "active-adults", "name": "Adults who are active"}],
    "adopted_by": [
        {
            "organisation_id": "12",
            "organisation": "Exampleborough Council",
            "adopted_on": "2026-01-20",
            "ended_on": None,
        }
    ],
    "frameworks": [
        {
            "framework": "National framework (2026)",
            "code": "A1",
            "title": "People move every day",
            "is_copy": False,
        }
    ],
    "created_at": "2026-01-12T09:30:00Z",
    "updated_at": "2026-03-02T14:05:00Z",
}
MEASURE = {
    "id": "7",
    "slug": "active-adults",
    "name": "Adults who are active",
    "definition": "Adults who do 150 minutes or more of activity a week.",
    "kind": "indicator",
    "quadrant": "",
    "is_headline": True,
    "is_in_development": False,
    "unit": "%",
    "decimals": 1,
    "direction": "up",
    "frequency": "year",
    "rule": "ratio_of_sums",
    "rule_across_periods": "latest",
    "rule_across_places": "",
    "rule_across_groups": "",
    "numerator_name": "adults who are active",
    "denominator_name": "all adults",
    "ownership": "shared",
    "outcome_id": "3",
    "outcome": "More people are active",
    "programme_id": None,
    "programme": None,
    "source": "Active Lives Adult Survey",
    "source_url": "https://www.sportengland.org/research-and-data/data/active-lives",
    "licence": "",
    "hide_below": None,
    "outside_our_control": "Weather, and what people earn.",
    "breakdowns": [{"dimension": "Sex", "adds_up": True}],
    "targets": [
        {
            "place_code": "E08000012",
            "place_name": "Exampleborough",
            "due_on": "2030-03-31",
            "value": 68.0,
            "kind": "target",
            "note": "",
        }
    ],
    "confidence": "high",
    "confidence_because": "7 of 8 standards met; not met: enough cases.",
    "rebases": [
        {
            "place_code": "E08000012",
            "place_name": "Exampleborough",
            "period_end": "2025-03-31",
            "period_label": "March 2025",
            "cause": "definition",
            "reason": "The survey asks in another way since then.",
            "made_at": "2025-06-03T10:00:00Z",
        }
    ],
    "created_at": "2026-01-12T09:35:00Z",
    "updated_at": "2026-01-12T09:35:00Z",
}


class NamedMeasure(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class AdoptionItem(serializers.Serializer):
    """A body that said of an outcome: we share this."""

    organisation_id = serializers.CharField()
    organisation = serializers.CharField()
    adopted_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)


class FrameworkLinkItem(serializers.Serializer):
    """An item of a shared framework for which an outcome stands."""

    framework = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    is_copy = serializers.BooleanField(help_text="Whether the outcome began as a copy of the item.")


class OutcomeItem(serializers.Serializer):
    """A condition of life in the place that partners want for everyone. No one body owns it."""

    id = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField(help_text="Its place among the outcomes on the dashboard.")
    measures = NamedMeasure(many=True)
    adopted_by = AdoptionItem(many=True)
    frameworks = FrameworkLinkItem(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TargetItem(serializers.Serializer):
    place_code = serializers.CharField(allow_null=True)
    place_name = serializers.CharField()
    due_on = serializers.DateField()
    value = serializers.FloatField()
    kind = serializers.ChoiceField(
        TargetKind.choices, help_text="A baseline is where it began; a milestone lies on the way to a target."
    )
    note = serializers.CharField(allow_blank=True)


class BreakdownItem(serializers.Serializer):
    dimension = serializers.CharField()
    adds_up = serializers.BooleanField(help_text="Whether the groups make the total.")


class RebaseItem(serializers.Serializer):
    """From this point on a chart's limits are worked out anew."""

    place_code = serializers.CharField(allow_null=True)
    place_name = serializers.CharField()
    period_end = serializers.DateField(help_text="The end of the first period of the new stretch.")
    period_label = serializers.CharField()
    cause = serializers.ChoiceField(RebaseCause.choices)
    reason = serializers.CharField()
    made_at = serializers.DateTimeField()


def _axis(word: str) -> serializers.ChoiceField:
    said = f"The same for {word}. Empty means by the same rule."
    return serializers.ChoiceField(CalculationRule.choices, allow_blank=True, help_text=said)


class MeasureItem(serializers.Serializer):
    """Something counted regularly and in one way. A population indicator and a programme's own measure never add up."""

    id = serializers.CharField()
    slug = serializers.CharField(help_text="Its name in addresses and parameters.")
    name = serializers.CharField()
    definition = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(MeasureKind.choices)
    quadrant = serializers.ChoiceField(Quadrant.choices, allow_blank=True)
    is_headline = serializers.BooleanField()
    is_in_development = serializers.BooleanField(help_text="Wanted, and there are no good data yet.")
    unit = serializers.CharField()
    decimals = serializers.IntegerField(help_text="How many decimals its figures are shown with.")
    direction = serializers.ChoiceField(Direction.choices, help_text="Which way is good.")
    frequency = serializers.ChoiceField(Frequency.choices)
    rule = serializers.ChoiceField(CalculationRule.choices, help_text="How its figures may be put together.")
    rule_across_periods = _axis("periods")
    rule_across_places = _axis("places")
    rule_across_groups = _axis("groups")
    numerator_name = serializers.CharField(allow_blank=True, help_text="What is counted on top.")
    denominator_name = serializers.CharField(allow_blank=True, help_text="Out of what.")
    ownership = serializers.ChoiceField(Ownership.choices)
    outcome_id = serializers.CharField()
    outcome = serializers.CharField()
    programme_id = serializers.CharField(allow_null=True)
    programme = serializers.CharField(allow_null=True)
    source = serializers.CharField(allow_blank=True)
    source_url = serializers.CharField(allow_blank=True)
    licence = serializers.CharField(allow_blank=True)
    hide_below = serializers.IntegerField(
        allow_null=True,
        help_text="Counts from 1 to just below this number are hidden wherever they are shown.",
    )
    outside_our_control = serializers.CharField(allow_blank=True)
    breakdowns = BreakdownItem(many=True)
    targets = TargetItem(many=True)
    confidence = serializers.ChoiceField(
        [level.value for level in Level],
        help_text="How far its evidence can be trusted, by the partnership's own standards. It says nothing of how the measure does.",
    )
    confidence_because = serializers.CharField()
    rebases = RebaseItem(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


MEASURE_NAMES = tuple(MeasureItem().fields)


class OutcomeParameters(PageParameters):
    changed_since = SinceField("made or changed")


class MeasureParameters(PageParameters):
    kind = serializers.ChoiceField(MeasureKind.choices, required=False)
    outcome = IdField(help_text="Only of this outcome.")
    programme = IdField(help_text="Only of this programme.")
    changed_since = SinceField("made or changed")


@described(
    tags=[FIGURES], operation_id="list_outcomes", summary="List outcomes", **listed(OutcomeItem, OUTCOME)
)
class Outcomes(ListEndpoint):
    """Every outcome of the partnership, with the measures that tell how it goes."""

    scope = Scope.OBSERVATIONS
    parameters = OutcomeParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = OutcomeItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        rows = Outcome.objects.filter(partnership=self.partnership)
        if "changed_since" in self.asked:
            rows = rows.filter(updated_at__gte=self.asked["changed_since"])
        found = behind(rows, after, limit).prefetch_related(
            "measures", "adoptions__organisation", "framework_links__item__framework"
        )
        return [self.shown(outcome) for outcome in found]

    def shown(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "id": str(outcome.pk),
            "title": outcome.title,
            "description": outcome.description,
            "position": outcome.position,
            "measures": [{"slug": m.slug, "name": m.name} for m in outcome.measures.all()],
            "adopted_by": [
                {
                    "organisation_id": str(one.organisation_id),
                    "organisation": one.organisation.name,
                    "adopted_on": one.adopted_on,
                    "ended_on": one.ended_on,
                }
                for one in outcome.adoptions.all()
            ],
            "frameworks": [
                {
                    "framework": str(link.item.framework),
                    "code": link.item.code,
                    "title": link.item.title,
                    "is_copy": link.is_copy,
                }
                for link in outcome.framework_links.all()
            ],
            "created_at": outcome.created_at,
            "updated_at": outcome.updated_at,
        }


@described(
    tags=[FIGURES], operation_id="list_measures", summary="List measures", **listed(MeasureItem, MEASURE)
)
class Measures(ListEndpoint):
    """Every measure of the partnership: what is counted, how often, which way is good, and its targets."""

    scope = Scope.OBSERVATIONS
    parameters = MeasureParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = MeasureItem
    same: ClassVar[tuple[str, ...]] = (
        *("slug", "name", "definition", "kind", "quadrant", "is_headline", "unit", "decimals", "direction"),
        *(
            "frequency",
            "rule",
            "rule_across_periods",
            "rule_across_places",
            "rule_across_groups",
            "numerator_name",
        ),
        *(
            "denominator_name",
            "ownership",
            "source",
            "source_url",
            "licence",
            "hide_below",
            "outside_our_control",
        ),
        "is_in_development",
        *("created_at", "updated_at"),
    )

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        found = behind(self.narrowed(), after, limit).select_related("outcome", "programme")
        measures, now = list(found.prefetch_related("targets__place", "breakdowns")), timezone.now()
        self.trusted = confidence_for(measures, as_of=now)
        self.rebased = rebases_anywhere(measures, as_of=now)
        return [self.shown(measure) for measure in measures]

    def narrowed(self) -> QuerySet[Measure]:
        asked, rows = self.asked, Measure.objects.filter(partnership=self.partnership)
        if "kind" in asked:
            rows = rows.filter(kind=asked["kind"])
        if "outcome" in asked:
            ours = Outcome.objects.filter(partnership=self.partnership)
            rows = rows.filter(outcome=named("outcome", ours, pk=asked["outcome"]))
        if "programme" in asked:
            ours = Programme.objects.filter(partnership=self.partnership)
            rows = rows.filter(programme=named("programme", ours, pk=asked["programme"]))
        if "changed_since" in asked:
            rows = rows.filter(updated_at__gte=asked["changed_since"])
        return rows

    def shown(self, measure: Measure) -> dict[str, Any]:
        values = {name: getattr(measure, name) for name in self.same} | {
            "id": str(measure.pk),
            "outcome_id": str(measure.outcome_id),
            "outcome": measure.outcome.title,
            "programme_id": str(measure.programme_id) if measure.programme_id else None,
            "programme": measure.programme.name if measure.programme else None,
            "breakdowns": [
                {"dimension": one.dimension, "adds_up": one.adds_up} for one in measure.breakdowns.all()
            ],
            "targets": [
                {
                    "place_code": target.place.code,
                    "place_name": target.place.name,
                    "due_on": target.due_on,
                    "value": float(target.value),
                    "kind": target.kind,
                    "note": target.note,
                }
                for target in sorted(measure.targets.all(), key=lambda target: target.due_on)
            ],
            "confidence": self.trusted[measure.pk].level.value,
            "confidence_because": self.trusted[measure.pk].sentence,
            "rebases": [rebase_item(*one) for one in self.rebased.get(measure.pk, ())],
        }
        return {name: values[name] for name in MEASURE_NAMES}


def rebase_item(place: Place, rebase: RebaseRead) -> dict[str, Any]:
    """Without the name of who made it: partners' systems need the reason and not the person."""
    return {
        "place_code": place.code,
        "place_name": place.name,
        "period_end": rebase.period_end,
        "period_label": rebase.period_label,
        "cause": rebase.cause.value,
        "reason": rebase.reason,
        "made_at": rebase.made_at,
    }
