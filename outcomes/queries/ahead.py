"""What comes if nothing changes, where the figures bear a forecast at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from outcomes.imports.periods import label_of
from outcomes.queries.readings import STEP_MONTHS, Reading, add_months
from outcomes.queries.series import words_for
from outcomes.statistics.forecast import NAME, straight_line
from outcomes.statistics.method import MethodName
from outcomes.statistics.spc import FIRM_LIMITS_FROM, Edge, Variation

# How far ahead is looked at most, by how often the measure is counted.
MOST_STEPS = {"month": 6, "quarter": 4, "year": 3}


@dataclass(frozen=True, slots=True)
class AheadPoint:
    """One period to come: the line's value and the range in which 95% of such forecasts hold."""

    period_end: date
    label: str
    value: float
    lower: float
    upper: float
    text: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """`points` is empty where nothing is forecast; `sentence` then says why, and otherwise how it was done."""

    points: tuple[AheadPoint, ...]
    sentence: str
    name: str = NAME


def ahead_of(reading: Reading) -> Ahead:
    """A straight line through the past, carried on. Not where control limits say more, nor for a running total, nor where periods are irregular."""
    measure = reading.measure
    if reading.judgement.method.name is MethodName.SPC:
        return Ahead((), _limits(reading))
    if measure.is_running_total:
        return Ahead((), "Nothing is forecast, since each figure counts everything so far.")
    step = STEP_MONTHS.get(measure.frequency)  # type: ignore[call-overload]
    grid = _grid(reading, step) if step else None
    if grid is None:
        return Ahead((), "Nothing is forecast, since the periods are not regular.")
    values, last_start, last_end = grid
    known = sum(value is not None for value in values)
    found = straight_line(values, max(1, min(MOST_STEPS[measure.frequency], known // 2)))
    if found.reason:
        return Ahead((), found.reason)
    low, high = _ends(reading)
    points = []
    for one in found.points:
        start = add_months(last_start, step * one.step)
        end = add_months(last_end, step * one.step)
        value, lower, upper = (min(max(number, low), high) for number in (one.value, one.lower, one.upper))
        text = words_for(measure, value)
        points.append(AheadPoint(end, label_of(start, end), value, lower, upper, text))
    return Ahead(tuple(points), found.sentence)


def _limits(reading: Reading) -> str:
    """What control limits say of the periods to come: as long as nothing changes, figures stay between them."""
    spc = reading.judgement.spc
    last = spc.latest_segment if spc else None
    if spc is None or last is None:
        return ""
    if last.lower is None or last.upper is None:
        return "Nothing is forecast: there is one figure since the limits began anew, and one says nothing of those to come."
    if spc.variation is not Variation.COMMON_CAUSE:
        return (
            "Nothing is forecast: the latest figures show a change that is more than chance, and it is not known yet where "
            "they will settle."
        )
    if last.edge is Edge.CONSTANT:
        return (
            f"Nothing is forecast: every figure behind the limits is {words_for(reading.measure, last.mean)}, so nothing shows "
            "how far off another may be."
        )
    if last.trial:
        return (
            f"Nothing is forecast yet: {last.baseline} figures stand behind the limits on the chart, and {FIRM_LIMITS_FROM} are "
            "needed before they say where those to come will lie."
        )
    low, high = _ends(reading)
    between = " and ".join(
        words_for(reading.measure, min(max(limit, low), high)) for limit in (last.lower, last.upper)
    )
    return (
        f"If nothing changes, nearly all of the figures to come will lie between {between}, the limits on the chart. "
        "No line is drawn ahead, since they already say so."
    )


def _ends(reading: Reading) -> tuple[float, float]:
    """What the figure can be at all: a share lies between 0 and 100, and nothing that never was below 0 will be."""
    values = [f.value for f in reading.series.figures if f.value is not None]
    low = 0.0 if all(value >= 0 for value in values) else float("-inf")
    return low, 100.0 if reading.measure.unit == "%" and max(values, default=0) <= 100 else float("inf")


def _grid(reading: Reading, step: int) -> tuple[list[float | None], date, date] | None:
    """One item for each period from the first to the last, None for a gap; None where a period falls between two steps."""
    points = [point for point in reading.series.points if point.value is not None]
    if not points:
        return None
    first, last = points[0].when, points[-1].when
    months = (last.year - first.year) * 12 + last.month - first.month
    if months % step:
        return None
    values: list[float | None] = [None] * (months // step + 1)
    for point in points:
        gone = (point.when.year - first.year) * 12 + point.when.month - first.month
        if gone % step or values[gone // step] is not None:
            return None
        values[gone // step] = point.value
    figure = next(f for f in reversed(reading.series.figures) if f.period_end == last)
    return values, figure.period_start, figure.period_end
