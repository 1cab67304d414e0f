"""The gap between groups over time, in numbers and in the sentences that a chair reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from outcomes.models import Direction, Measure
from outcomes.queries.series import Figure, Series, words_for
from outcomes.statistics.inequality import (
    Course,
    Gap,
    Part,
    SlopeIndex,
    course,
    gap,
    has_turned,
    slope_index,
)
from outcomes.statistics.rounding import format_change, format_number

YEARS_BACK = 5
_COURSES = {
    Course.WIDER: "It has widened, by more than chance would.",
    Course.NARROWER: "It has narrowed, by more than chance would.",
    Course.SAME: "It is the same.",
    Course.REVERSED: "It has turned round, by more than chance would.",
    Course.PERHAPS_CHANCE: "The difference may be chance.",
    Course.NO_INTERVALS: "Without confidence intervals it cannot be told whether that is chance.",
}


@dataclass(frozen=True, slots=True)
class PeriodGap:
    """The gap of one period. `gap` is None where a group's figure is hidden or missing; `reason` says so."""

    period_end: date
    label: str
    gap: Gap | None
    slope: SlopeIndex | None
    reason: str
    text: str = ""
    ratio_text: str = ""
    slope_text: str = ""
    slope_ratio_text: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Gaps:
    """All periods, oldest first, and what they say. Empty where groups' figures cannot be held against each other."""

    periods: tuple[PeriodGap, ...] = ()
    sentence: str = ""
    slope_sentence: str = ""

    @property
    def latest(self) -> PeriodGap | None:
        return self.periods[-1] if self.periods else None

    @property
    def with_slope(self) -> bool:
        return any(one.slope for one in self.periods)


def gaps_of(measure: Measure, groups: Sequence[tuple[str, Series]], *, in_order: bool) -> Gaps:
    """The gaps of groups in their order; `in_order` says that a slope may be drawn through them."""
    if len(groups) < 2:
        return Gaps()
    labels = {(f.period_end, f.period_start): f.period_label for _, series in groups for f in series.figures}
    by_group = [
        (name, {(f.period_end, f.period_start): f for f in series.figures}) for name, series in groups
    ]
    periods = tuple(
        _of_period(
            measure,
            when[0],
            label,
            [(name, figures.get(when)) for name, figures in by_group],
            in_order=in_order,
        )
        for when, label in sorted(labels.items())
    )
    ends = (groups[0][0], groups[-1][0])
    return Gaps(
        periods, _sentence(measure, periods), _slope_sentence(measure, periods, ends) if in_order else ""
    )


def _of_period(
    measure: Measure, end: date, label: str, figures: list[tuple[str, Figure | None]], *, in_order: bool
) -> PeriodGap:
    parts = [
        Part(name, f.value, f.lower, f.upper, f.denominator) if f and not _lacks(f) else Part(name, None)
        for name, f in figures
    ]
    found = gap(parts, measure.direction)
    slope = slope_index(parts) if in_order else None
    hidden = [name for name, f in figures if f is not None and f.hidden]
    partial = [name for name, f in figures if f is not None and _lacks(f)]
    missing = [part.name for part in parts if part.value is None and part.name not in (*hidden, *partial)]
    reason = ""
    if found is None:
        why = (("Hidden", hidden), ("No figure", missing), ("Not whole yet", partial))
        reason = next((f"{said}: {_list(names)}" for said, names in why if names), "")
    return PeriodGap(
        end,
        label,
        found,
        slope,
        reason,
        _change(measure, found.difference) if found else "",
        _times(found.ratio) if found else "",
        _tilt(measure, slope.difference) if slope else "",
        _times(slope.ratio) if slope else "",
        any(f.provisional for _, f in figures if f is not None),
    )


def _sentence(measure: Measure, periods: Sequence[PeriodGap]) -> str:
    now = periods[-1]
    if now.gap is None:
        return f"No gap is worked out for {now.label}, since not every group has a figure ({now.reason[0].lower()}{now.reason[1:]})."
    found = now.gap
    if not round(found.difference, 9):
        return f"In {now.label} there is no gap between the groups."
    said = f"In {now.label} the gap between {_told(measure, found.best)} and {_told(measure, found.worst)} is {now.text}{', provisional' if now.provisional else ''}."
    then = _earlier(periods)
    if then is None or then.gap is None:
        return f"{said} There is no earlier period to compare it with."
    before = f"It was {then.text} in {then.label}{_ago(then.period_end, now.period_end)}"
    if has_turned(then.gap, found):
        before += f", the other way round, with {then.gap.best.name} {best_words(measure)[0].lower()}"
    elif {then.gap.best.name, then.gap.worst.name} != {found.best.name, found.worst.name}:
        before += f", between {then.gap.best.name} and {then.gap.worst.name}"
    return f"{said} {before}. {_COURSES[course(then.gap, found)]}"


def _earlier(periods: Sequence[PeriodGap]) -> PeriodGap | None:
    """The period five years before the latest, or the oldest after that, of those that have a gap."""
    now = periods[-1].period_end
    since = now.replace(year=now.year - YEARS_BACK, day=min(now.day, 28))
    known = [one for one in periods[:-1] if one.gap is not None]
    within = [one for one in known if one.period_end >= since]
    return within[0] if within else (known[-1] if known else None)


def _slope_sentence(measure: Measure, periods: Sequence[PeriodGap], ends: tuple[str, str]) -> str:
    now = periods[-1]
    if now.slope is None:
        return ""
    weighted = (
        "each group counting with the number of its people"
        if now.slope.from_people
        else "the groups counting as equally large, since it is not known how many people each has"
    )
    gets = f"gets {now.slope_text}" if round(now.slope.difference, 9) else "stays the same"
    text = (
        f"Across all groups, from one end ({ends[0]}) to the other ({ends[1]}), the figure {gets}: "
        f"the slope index of inequality, {weighted}."
    )
    then = _earlier(periods)
    if then is not None and then.slope is not None:
        was = f"was {then.slope_text}" if round(then.slope.difference, 9) else "stayed the same"
        text += f" It {was} in {then.label}. Whether that difference is more than chance is not worked out."
    return text


def _told(measure: Measure, part: Part) -> str:
    return f"{part.name} ({words_for(measure, part.value)})"  # type: ignore[arg-type]


def _change(measure: Measure, size: float) -> str:
    return format_change(size, measure.decimals, measure.unit)


def _tilt(measure: Measure, difference: float) -> str:
    """A slope from its first end to its last, with its direction."""
    way = (" higher" if difference > 0 else " lower") if round(difference, 9) else ""
    return f"{_change(measure, difference)}{way}"


def _lacks(figure: Figure) -> bool:
    """Whether it is a sum that lacks a part: it must not stand beside whole ones."""
    return figure.folded is not None and figure.folded.is_partial


def _times(ratio: float | None) -> str:
    return f"{format_number(ratio, 2)} times" if ratio is not None else ""


def _ago(then: date, now: date) -> str:
    months = (now.year - then.year) * 12 + now.month - then.month
    if months % 12 == 0 and months:
        years = months // 12
        return f", {years} year{'' if years == 1 else 's'} before"
    return f", {months} month{'' if months == 1 else 's'} before" if months else ""


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


def best_words(measure: Measure) -> tuple[str, str]:
    """What the two ends of a gap are called: without a good direction nobody is best."""
    return ("Highest", "Lowest") if measure.direction == Direction.NEUTRAL else ("Best", "Worst")
