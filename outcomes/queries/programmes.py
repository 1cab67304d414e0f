"""What programmes measure, what it should help, what partners sent, and what the numbers say about a holiday or about people's scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from outcomes.models import (
    CalculationRule,
    Measure,
    ProgrammeOutcome,
    Return,
    ReturnCell,
    ReturnStatus,
)
from outcomes.queries.beside import protected
from outcomes.queries.readings import Reading, main_place, readings_for
from outcomes.queries.units import scale_of
from outcomes.statistics.haf import Finding, HafRules, check_holiday
from outcomes.statistics.pairs import MeanChange, mean_change
from partnerships.models import Programme, ProgrammePeriod

QUADRANTS = ("how_much", "how_well", "better_off", "")
SENT = (ReturnStatus.SUBMITTED, ReturnStatus.ACCEPTED)
START, END = "_start", "_end"
LAST_FIGURES = 12


def measures_of(programme: Programme) -> list[Measure]:
    """The programme's own measures, by how much, how well and who is better off."""
    rows = Measure.objects.filter(programme=programme).select_related("outcome", "programme")
    return sorted(rows, key=lambda m: (QUADRANTS.index(m.quadrant), m.position, m.name))


def readings_of(programme: Programme, *, as_of: datetime) -> list[Reading]:
    """The latest of each measure in the partnership's main place. A fixed number of queries; nothing where it covers no place."""
    place = main_place(programme.partnership)
    measures = measures_of(programme)
    if place is None or not measures:
        return []
    return protected(readings_for(measures, place, as_of=as_of).values(), as_of=as_of)


def outcome_links(programme: Programme) -> list[ProgrammeOutcome]:
    rows = ProgrammeOutcome.objects.filter(programme=programme).select_related("outcome")
    return list(rows.order_by("outcome__position", "outcome__title"))


def returns_by_period(programme: Programme) -> dict[int, list[Return]]:
    """What partners owe or sent, by the period's id, each partner by name."""
    found: dict[int, list[Return]] = defaultdict(list)
    rows = Return.objects.filter(programme=programme).select_related("organisation", "place")
    for row in rows.order_by("organisation__name", "pk"):
        found[row.period_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class HolidayFindings:
    """What one partner's figures say about the rules of holiday programmes."""

    found: Return
    findings: tuple[Finding, ...]


def holiday_findings(
    programme: Programme, periods: Sequence[ProgrammePeriod], returns: Mapping[int, Sequence[Return]]
) -> dict[int, list[HolidayFindings]]:
    """Of every return that was sent, by the period's id. One query, however many returns."""
    rules = HafRules.of(programme.rules)
    by_id = {period.pk: period for period in periods}
    sent = [one for rows in returns.values() for one in rows if one.status in SENT and one.period_id in by_id]
    figures: dict[int, dict[str, float | None]] = defaultdict(dict)
    cells = ReturnCell.objects.filter(returned_in__in=sent, group__isnull=True).exclude(
        measure__template_key=""
    )
    for cell in cells.select_related("measure"):
        figures[cell.returned_in_id][cell.measure.template_key] = _value(cell)
    found: dict[int, list[HolidayFindings]] = defaultdict(list)
    for one in sent:
        period = by_id[one.period_id]
        findings = check_holiday(
            name=period.name,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            figures=figures[one.pk],
            rules=rules,
        )
        found[period.pk].append(HolidayFindings(one, findings))
    return found


def _value(cell: ReturnCell) -> float | None:
    """What a return says in a cell; a ratio without its value is worked out, times what its unit says."""
    if cell.value is not None:
        return float(cell.value)
    if cell.measure.rule == CalculationRule.RATIO_OF_SUMS and cell.denominator:
        return float(scale_of(cell.measure)) * float(cell.numerator or 0) / float(cell.denominator)
    return None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """How people's scores on one scale moved from start to end, over the figures of about a year."""

    name: str
    periods: int
    change: MeanChange
    left_out: int = 0

    @property
    def sentence(self) -> str:
        if not self.left_out:
            return self.change.sentence
        figures = "1 period is" if self.left_out == 1 else f"{self.left_out} periods are"
        return f"{self.change.sentence} {figures} left out: the pairs at the start and at the end are not as many."


def score_changes(readings: Sequence[Reading]) -> list[ScoreChange]:
    """Of every scale that is asked at the start and at the end: pairs summed over the last twelve figures that have both."""
    by_key = {one.measure.template_key: one for one in readings if one.measure.template_key}
    found = []
    for key, start in by_key.items():
        end = by_key.get(key.removesuffix(START) + END) if key.endswith(START) else None
        if end is None:
            continue
        both = [
            (first, last)
            for first in start.series.figures
            if (last := end.series.at(first.period_end)) is not None
            and first.denominator is not None
            and last.denominator is not None
        ][-LAST_FIGURES:]
        pairs = [(first, last) for first, last in both if first.denominator == last.denominator]
        change = mean_change(
            pairs=sum(first.denominator or 0 for first, _ in pairs),
            sum_of_start=sum(first.numerator or 0 for first, _ in pairs),
            sum_of_end=sum(last.numerator or 0 for _, last in pairs),
        )
        name = start.measure.name.split(", at the start")[0]
        found.append(ScoreChange(name, len(pairs), change, len(both) - len(pairs)))
    return found
