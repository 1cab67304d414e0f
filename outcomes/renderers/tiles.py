"""A measure as a tile of a dashboard: its latest figure in words, its course, its marks, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString

from outcomes import charts
from outcomes.models import Ownership
from outcomes.queries.evidence import Level
from outcomes.queries.figures import KEPT, Figure, Figures, OwnManner, manner_of, words_for
from outcomes.queries.readings import Reading
from outcomes.renderers.readings import PROGRESS_WORDS, marks, missing_note, svg
from outcomes.statistics.terms import Progress

OWNERSHIP = dict(Ownership.choices)
POINTS = 60
_COURSE_MARKS = {Progress.BETTER: charts.Mark.IMPROVEMENT, Progress.WORSE: charts.Mark.CONCERN}


class Fact(NamedTuple):
    label: str
    value: str


class TileMark(NamedTuple):
    kind: str
    tone: str
    letter: str
    label: str


class Tile(NamedTuple):
    """A measure as components/measure.html takes it. Plain words only, so that what is drawn of it may be kept."""

    title: str
    url: str
    value: str
    period: str
    svg: SafeString
    facts: tuple[Fact, ...]
    marks: tuple[TileMark, ...]
    note: str
    fresh: str
    is_late: bool
    unit: str = ""


def tile(reading: Reading, slug: str, query: str = "") -> Tile:
    """The tile of a reading. `query` is what its page is asked for beside the measure."""
    measure, latest = reading.measure, reading.latest
    facts = [Fact("Direction", PROGRESS_WORDS[reading.judgement.progress] if latest else "No figure yet")]
    if reading.goal:
        facts.append(Fact("Target", f"{reading.goal.text} by {reading.goal.due_on:%B %Y}"))
    if reading.england:
        facts.append(Fact("England", reading.england.text))
    checked = reading.confidence.level is not Level.NOT_CHECKED
    facts.append(Fact("Evidence", reading.confidence.words if checked else "Not checked"))
    facts.append(Fact("Whose", OWNERSHIP[measure.ownership]))
    provisional = bool(latest and latest.provisional)
    drawn = course(
        reading.series.figures,
        manner_of(measure),
        f"spark-{measure.pk}",
        measure.name,
        reading.goal.value if reading.goal else None,
        reading.judgement.progress,
        provisional,
        reading.judgement.sentence,
    )
    return Tile(
        title=measure.name,
        url=address(slug, measure.slug, query),
        value=latest.text if latest else "No figure",
        period=f"{latest.period_label}{' (provisional)' if provisional else ''}" if latest else "",
        svg=drawn,
        facts=tuple(facts),
        marks=tuple(TileMark(**mark) for mark in marks(reading)),
        note=missing_note(reading),
        fresh=reading.freshness.sentence,
        is_late=reading.freshness.is_late,
    )


@lru_cache(maxsize=KEPT)
def course(
    figures: Sequence[Figure],
    manner: OwnManner,
    chart_id: str,
    name: str,
    target: float | None,
    progress: Progress,
    provisional: bool,
    sentence: str,
) -> SafeString:
    """The line of a tile. It follows from what it is given and from nothing else, so the same again is not drawn again."""
    stored = figures.points[-POINTS:] if isinstance(figures, Figures) else ()
    points = stored or [(figure.period_end, figure.value) for figure in figures[-POINTS:]]
    drawn = charts.Sparkline(
        chart_id=chart_id,
        title=f"Course of {name}",
        values=tuple(point[1] for point in points),
        dates=tuple(point[0] for point in points),
        target=target,
        mark=_COURSE_MARKS.get(progress, charts.Mark.COMMON),
        provisional=provisional,
        description=sentence,
        format_value=lambda value: words_for(manner, value),
    )
    return svg(charts.sparkline(drawn, width=220, height=44))


@lru_cache(maxsize=KEPT)
def address(slug: str, measure: str, query: str = "") -> str:
    found = reverse("measure", kwargs={"partnership": slug, "measure": measure})
    return f"{found}?{query}" if query else found
