"""One outcome with everything that stands to it: its measures by what they are, and what should help it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from outcomes.models import Measure, Outcome, Quadrant
from outcomes.queries import activities, commitments
from outcomes.queries.beside import protected
from outcomes.queries.readings import Reading, readings_for
from partnerships.models import Activity, Commitment, Partnership, Place, Programme, StrategyTheme
from partnerships.queries.activities import visible
from partnerships.queries.commitments import is_open
from partnerships.queries.commitments import visible as promised


@dataclass(frozen=True, slots=True)
class MeasuresOf:
    """An outcome's measures. Population indicators stand apart from programmes' own: the two never add up.

    `in_development` are wanted and not there yet, of either kind.
    """

    headline: tuple[Reading, ...]
    secondary: tuple[Reading, ...]
    quadrants: tuple[tuple[Quadrant | None, tuple[Reading, ...]], ...]
    in_development: tuple[Measure, ...]

    def __bool__(self) -> bool:
        return bool(self.headline or self.secondary or self.quadrants or self.in_development)


def measures_of(outcome: Outcome, place: Place | None, *, as_of: datetime) -> MeasuresOf:
    """A fixed number of queries, however many measures there are."""
    rows = list(
        Measure.objects.filter(outcome=outcome)
        .select_related("outcome", "programme", "owner", "partnership")
        .order_by("-is_headline", "position", "name")
    )
    ready = [measure for measure in rows if not measure.is_in_development]
    found = readings_for(ready, place, as_of=as_of) if place and ready else {}
    readings = {one.measure.pk: one for one in protected(found.values(), as_of=as_of)}
    indicators = [readings[m.pk] for m in ready if m.kind == "indicator" and m.pk in readings]
    own = [readings[m.pk] for m in ready if m.kind == "performance" and m.pk in readings]
    quadrants = [
        (quadrant, tuple(r for r in own if r.measure.quadrant == (quadrant or "")))
        for quadrant in (*Quadrant, None)
    ]
    return MeasuresOf(
        tuple(r for r in indicators if r.measure.is_headline),
        tuple(r for r in indicators if not r.measure.is_headline),
        tuple((quadrant, found) for quadrant, found in quadrants if found),
        tuple(measure for measure in rows if measure.is_in_development),
    )


def themes_of(outcome: Outcome) -> QuerySet[StrategyTheme]:
    """The themes of partners' strategies with which it stands in line."""
    rows = StrategyTheme.objects.filter(outcome_links__outcome=outcome)
    return rows.select_related("strategy").order_by("strategy__name", "position", "pk")


def programmes_of(outcome: Outcome) -> list[tuple[Programme, str]]:
    """The programmes that should help it, with how."""
    links = outcome.programme_links.select_related("programme").order_by("programme__name")
    return [(link.programme, link.how) for link in links]


def activities_of(partnership: Partnership, outcome: Outcome, viewer: Any) -> QuerySet[Activity]:
    """The activities that should help it, of those that this person may see, newest first."""
    rows = activities.helping(visible(partnership, viewer), outcome)
    return rows.select_related("programme", "board", "created_by")


def commitments_of(partnership: Partnership, outcome: Outcome) -> QuerySet[Commitment]:
    """The open commitments that should help it, the first due first."""
    return commitments.helping(promised(partnership).filter(is_open()), outcome)
