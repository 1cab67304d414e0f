"""Figures put together by the rule that their measure declares: periods into years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from outcomes.models import Frequency, Measure
from outcomes.queries.series import HIDDEN_TEXT, Figure, Series, is_hidden, words_for
from outcomes.queries.units import scale_of
from outcomes.statistics.folding import Part
from outcomes.statistics.rollup import Piece, RolledUp, roll_up, rule_over
from partnerships.models import Calendar, ProgrammePeriod

APRIL, SEPTEMBER = 4, 9
SCHOOL_CALENDARS = {Calendar.HOLIDAY, Calendar.TERM}
MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3}


@dataclass(frozen=True, slots=True)
class Rolled:
    """One year as it may be shown: its words, what it is made of and what is missing in it."""

    label: str
    starts_on: date
    ends_on: date
    value: float | None
    text: str
    pieces: int
    missing: tuple[str, ...]
    why: str = ""
    hidden: bool = False
    provisional: bool = False

    @property
    def is_whole(self) -> bool:
        return self.value is not None and not self.missing

    @property
    def note(self) -> str:
        """A sentence on what is missing; empty for a whole."""
        if self.why:
            return self.why
        return f"Without {', '.join(self.missing)}." if self.missing else ""


def rule_across_periods(measure: Measure) -> str:
    return rule_over(measure.rule, measure.rule_across_periods, is_running_total=measure.is_running_total)


def by_year(measure: Measure, series: Series, *, today: date) -> list[Rolled]:
    """A measure's figures of less than a year, put together by year, newest first.

    No query, and one where the measure keeps to its programme's periods, so that those without a figure are named.
    Years are financial ones, and school years where its programme keeps to the school's calendar. Figures that are hidden stay
    out of the sum: otherwise they could be worked out from it. A measure that is counted once a year has none.
    """
    if measure.frequency == Frequency.YEAR:
        return []
    calendar = measure.programme.calendar if measure.programme_id else ""
    if calendar == Calendar.YEAR:
        return []
    first = SEPTEMBER if calendar in SCHOOL_CALENDARS else APRIL
    return _rolled(measure, series, first, today, _periods(measure))


def _periods(measure: Measure) -> list[Piece]:
    """The periods of its programme, without figures, where the measure keeps to them."""
    if measure.frequency != Frequency.PERIOD or not measure.programme_id:
        return []
    rows = ProgrammePeriod.objects.filter(programme=measure.programme_id).order_by("ends_on")
    return [Piece(*row, None) for row in rows.values_list("name", "starts_on", "ends_on")]


def _rolled(
    measure: Measure, series: Series, first: int, today: date, periods: Sequence[Piece]
) -> list[Rolled]:
    found: dict[date, list[Figure]] = {}
    for figure in series.figures:
        start = _start(figure.period_end, first)
        if figure.period_start >= start:
            found.setdefault(start, []).append(figure)
    rule, scale = rule_across_periods(measure), float(scale_of(measure))
    made = []
    for start in sorted(found, reverse=True):
        end = _later(start, 12) - timedelta(days=1)
        pieces = _with_gaps(measure, found[start], start, min(end, today), periods)
        label = f"{start.year}/{(start.year + 1) % 100:02d}"
        so_far = " so far" if end > today else ""
        rolled = roll_up(rule, pieces, scale)
        made.append(_shown(measure, f"{label}{so_far}", start, end, rolled, found[start]))
    return made


def _with_gaps(
    measure: Measure, figures: Sequence[Figure], start: date, until: date, periods: Sequence[Piece]
) -> list[Piece]:
    """The figures as pieces, and one without a figure for each month, quarter or period over by now of which nobody told any."""
    pieces = [_piece(figure) for figure in figures]
    known = {figure.period_end for figure in figures}
    step = MONTHS.get(Frequency(measure.frequency))
    if step is None:
        over = (one for one in periods if start <= one.starts_on and one.ends_on <= until)
        pieces += [one for one in over if one.ends_on not in known]
        return sorted(pieces, key=lambda piece: piece.ends_on)
    while (end := _later(start, step) - timedelta(days=1)) <= until:
        if end not in known:
            label = f"{start:%B %Y}" if step == 1 else f"{start:%B} to {end:%B %Y}"
            pieces.append(Piece(label, start, end, None))
        start = _later(start, step)
    return sorted(pieces, key=lambda piece: piece.ends_on)


def _piece(figure: Figure) -> Piece:
    part = None
    if figure.value is not None:
        part = Part(figure.value, figure.numerator, figure.denominator, marker=figure.marker)
    return Piece(
        figure.period_label,
        figure.period_start,
        figure.period_end,
        part,
        "" if part else figure.text.lower(),
        figure.missing,
    )


def _shown(
    measure: Measure, label: str, start: date, end: date, rolled: RolledUp, figures: Iterable[Figure]
) -> Rolled:
    part = rolled.part
    if part is None or part.value is None:
        return Rolled(
            label, start, end, None, "No total" if rolled.why else "No figure",
            rolled.pieces, rolled.missing, rolled.why,
        )  # fmt: skip
    if is_hidden(measure, part.value, part.numerator, ""):
        return Rolled(label, start, end, None, HIDDEN_TEXT, rolled.pieces, rolled.missing, hidden=True)
    text = words_for(measure, part.value)
    provisional = any(figure.provisional for figure in figures if figure.value is not None)
    return Rolled(label, start, end, part.value, text, rolled.pieces, rolled.missing, provisional=provisional)


def _start(day: date, first: int) -> date:
    """The first day of the year in which a day lies; `first` is the month in which it begins."""
    return date(day.year - (day.month < first), first, 1)


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
