"""What a chart would say if its limits were worked out anew from a point."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from outcomes.queries.readings import Reading, how_often
from outcomes.statistics.judgement import judge
from outcomes.statistics.rounding import wording_for
from outcomes.statistics.terms import Progress


def rebased(reading: Reading, *, at: date | None = None, without: date | None = None) -> Reading:
    """The same reading with one rebase more, or one less. Nothing is stored."""
    measure = reading.measure
    points = {one.period_end for one in reading.rebases} - {without}
    if at is not None:
        points.add(at)
    labels = {figure.period_end: figure.period_label for figure in reading.series.figures}
    judgement = judge(
        reading.series.points,
        how_often(measure),
        measure.direction,
        reading.goal.value if reading.goal else None,
        sorted(points),
        wording=wording_for(measure.decimals, measure.unit, labels),
        is_running_total=measure.is_running_total,
    )
    kept = tuple(one for one in reading.rebases if one.period_end in points)
    return replace(reading, judgement=judgement, rebases=kept)


def hides_a_concern(reading: Reading, at: date) -> bool:
    """Whether the last points show a concern that a rebase at this point would turn into something else."""
    if reading.judgement.progress is not Progress.WORSE:
        return False
    return rebased(reading, at=at).judgement.progress is not Progress.WORSE
