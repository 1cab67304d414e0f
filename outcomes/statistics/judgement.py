"""One verdict per series for the dashboard: the method the data can bear, what it says, and a sentence a chair can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from .method import Method, MethodName, choose
from .rounding import Wording
from .spc import UPWARD, Kind, SpcResult, analyse
from .spc_text import explain_assurance, explain_limits, explain_variation
from .terms import Direction, Frequency, Moved, Progress, Row
from .trend import DirectionResult, Marker, TrendResult, plain_direction, recent_trend

_PROGRESS = {
    Kind.COMMON_CAUSE: Progress.NO_CHANGE,
    Kind.IMPROVEMENT: Progress.BETTER,
    Kind.CONCERN: Progress.WORSE,
    Kind.NEUTRAL_HIGH: Progress.CANNOT_TELL,
    Kind.NEUTRAL_LOW: Progress.CANNOT_TELL,
}
_LEADS = {
    Kind.COMMON_CAUSE: "No significant change",
    Kind.IMPROVEMENT: "Getting better",
    Kind.CONCERN: "Getting worse",
    Kind.NEUTRAL_HIGH: "Higher than usual",
    Kind.NEUTRAL_LOW: "Lower than usual",
}
_MOVES = {
    Marker.INCREASING: Moved.UP,
    Marker.DECREASING: Moved.DOWN,
    Marker.NO_CHANGE: Moved.LEVEL,
    Marker.CANNOT_BE_CALCULATED: None,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the statistics say of a series.

    `moved` is where a significant change went (SPC, recent trend) or where the latest value lies from the one before (plain
    direction); None where nothing can be said. Of `spc`, `trend` and `plain` the one that `method` names is set, and none
    where no value was reported. `target_sentence` is empty without a target. `notes` are sentences that belong beside the
    chart.
    """

    method: Method
    progress: Progress
    moved: Moved | None
    sentence: str
    target_sentence: str
    notes: tuple[str, ...] = ()
    spc: SpcResult | None = None
    trend: TrendResult | None = None
    plain: DirectionResult | None = None


def judge(
    points: Iterable[Row],
    frequency: Frequency | str,
    direction: Direction | str,
    target: float | None = None,
    rebases: Iterable[date] = (),
    *,
    wording: Wording | None = None,
    is_running_total: bool = False,
    fix_after_n_points: int | None = None,
    screen: bool = True,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Judgement:
    """Judge a series, whose points may come in any order. What is hidden from people is passed as None, here as well.

    A rebase whose point has since gone (corrected, hidden, beyond the day asked about) is left out with a note, so that one
    correction does not take a dashboard down; `spc.rebase_problem` refuses it at the time of writing. With
    `is_running_total` each value holds those before it. `minimum` and `maximum` are the least and the most that the measure
    can be. Raises ValueError for a date that comes twice.
    """
    direction, wording = Direction(direction), wording or Wording()
    series = sorted(points, key=itemgetter(0))
    chosen = choose(series, frequency, is_running_total=is_running_total)
    if chosen.name is MethodName.SPC:
        dates, values = [point[0] for point in series], [point[1] for point in series]
        kept, notes = _standing(dates, values, rebases, wording)
        chart = analyse(
            dates,
            values,
            direction,
            target=None if target is None else float(target),
            rebases=kept,
            fix_after_n_points=fix_after_n_points,
            screen=screen,
        )
        notes += explain_limits(chart, wording, minimum=minimum, maximum=maximum)
        return _of_chart(chart, chosen, wording, notes)
    against = _against_target(series, target, direction, wording)
    if chosen.name is MethodName.RECENT_TREND:
        trend = recent_trend(series, direction, wording=wording)
        moved = _MOVES[trend.marker]
        return Judgement(chosen, trend.progress, moved, trend.sentence, against, trend=trend)
    plain = plain_direction(series, wording=wording)
    return Judgement(chosen, Progress.CANNOT_TELL, plain.moved, plain.sentence, against, plain=plain)


def _of_chart(chart: SpcResult, chosen: Method, wording: Wording, notes: tuple[str, ...]) -> Judgement:
    kind, label = chart.kinds[-1], chart.labels[-1]
    if chart.variation is None:
        progress, moved, lead = Progress.CANNOT_TELL, None, "Cannot tell"
    else:
        progress = _PROGRESS[kind]
        moved = Moved.LEVEL if kind is Kind.COMMON_CAUSE else Moved.UP if label in UPWARD else Moved.DOWN
        lead = _LEADS[kind]
    sentence = f"{lead}, as of {wording.period(chart.dates[-1])}. {explain_variation(chart, wording)}"
    against = "" if chart.target is None else explain_assurance(chart, wording)
    return Judgement(chosen, progress, moved, sentence, against, notes, spc=chart)


def _standing(
    dates: list[date], values: list[float | None], rebases: Iterable[date], wording: Wording
) -> tuple[list[date], tuple[str, ...]]:
    """The rebases that have a point, and a note for each that lost its point between others."""
    reported = [day for day, value in zip(dates, values, strict=True) if value is not None]
    kept, notes = [], []
    for when in sorted(set(rebases)):
        if when in reported:
            kept.append(when)
        elif reported[0] < when < reported[-1]:
            notes.append(
                f"The rebase at {wording.period(when)} is not drawn: there is no longer a figure for it."
            )
    return kept, tuple(notes)


def _against_target(
    series: Sequence[Row],
    target: float | None,
    direction: Direction,
    wording: Wording,
) -> str:
    """The latest value beside the target: arithmetic, no forecast."""
    reported = [value for _, value, *_ in series if value is not None]
    if target is None or not reported:
        return ""
    goal = wording.number(target)
    if direction is Direction.NEUTRAL:
        return f"The target is {goal}. No judgement is made for this measure, so none is made against the target."
    met = reported[-1] >= target if direction is Direction.UP else reported[-1] <= target
    return f"The latest figure {'meets' if met else 'does not meet'} the target of {goal}."
