"""Partners' parts of a place's figures: folded into the whole by the measure's rule, with those who are missing named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from outcomes.models import CalculationRule, Measure, Return, ReturnStatus
from outcomes.queries.units import scale_of
from outcomes.statistics.folding import Part, fold
from partnerships.models import Organisation

Period = tuple[date, date]
NO_TOTAL_TEXT = "No total"


@dataclass(slots=True)
class PeriodParts:
    """What partners said for one measure, place and period."""

    label: str
    by_partner: dict[int, Part] = field(default_factory=dict)
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """The parts of one period as one figure. `part` is None where they cannot be added up.

    `is_partial` says that it is a sum that lacks a part, which must not be judged beside whole ones.
    """

    period: Period
    label: str
    part: Part | None
    provisional: bool
    partners: int
    missing: tuple[str, ...]
    is_partial: bool = False

    @property
    def note(self) -> str:
        """A sentence on what the figure is made of and who is missing in it."""
        said = []
        if self.part is None:
            said.append("Partners’ counts cannot be added up, since somebody may be in several of them.")
        elif self.partners > 1:
            said.append(f"From {self.partners} partners.")
        if self.missing:
            said.append(f"Not in it yet: {', '.join(self.missing)}.")
        return " ".join(said)


# What parts are of: a measure's and a place's id, and whatever else tells them apart, such as a group's.
Key = TypeVar("Key", bound=tuple[int, ...])


def wholes(
    by_id: Mapping[int, Measure], found: Mapping[Key, Mapping[Period, PeriodParts]], *, as_of: datetime
) -> dict[Key, list[Whole]]:
    """Each measure's and place's periods, folded: two queries, however many there are."""
    owed = _owed(by_id, found, as_of)
    names = dict(
        Organisation.objects.filter(
            pk__in={pk for said in owed.values() for pk in said}
            | {
                pk
                for periods in found.values()
                for parts in periods.values()
                for pk, part in parts.by_partner.items()
                if part.marker == "x"
            }
        ).values_list("pk", "name")
    )
    return {
        key: [
            _whole(
                by_id[key[0]],
                period,
                parts,
                owed.get((by_id[key[0]].programme_id, key[1], *period), set()),
                names,
            )
            for period, parts in periods.items()
        ]
        for key, periods in found.items()
    }


def _whole(
    measure: Measure, period: Period, parts: PeriodParts, owing: set[int], names: Mapping[int, str]
) -> Whole:
    said = parts.by_partner
    without = {pk for pk, part in said.items() if part.value is None and part.marker == "x"}
    missing = tuple(sorted(names[pk] for pk in (owing - said.keys()) | without))
    part = fold(measure.rule, list(said.values()), float(scale_of(measure)))
    valued = sum(1 for one in said.values() if one.value is not None)
    # Who is not heard yet may have counted the same people, so one partner's count alone is no total either.
    if measure.rule == CalculationRule.NOT_ADDABLE and valued == 1 and missing:
        part = None
    is_partial = measure.rule == CalculationRule.SUM and bool(missing)
    provisional = parts.provisional or bool(missing)
    return Whole(period, parts.label, part, provisional, valued, missing, is_partial)


def _owed(
    by_id: Mapping[int, Measure], found: Iterable[tuple[int, ...]], as_of: datetime
) -> dict[tuple, set[int]]:
    """Who owes figures for these programmes and places, by programme, place and period; those let off are left out."""
    programmes = {by_id[measure].programme_id for measure, *_ in found} - {None}
    if not programmes:
        return {}
    rows: Iterable[tuple] = (
        Return.objects.filter(
            programme__in=programmes,
            place__in={place for _, place, *_ in found},
            period__starts_on__lte=as_of.date(),
        )
        .exclude(status=ReturnStatus.NOT_NEEDED)
        .order_by()
        .values_list("programme", "place", "period__starts_on", "period__ends_on", "organisation")
    )
    owed: dict[tuple, set[int]] = {}
    for programme, place, start, end, organisation in rows:
        owed.setdefault((programme, place, start, end), set()).add(organisation)
    return owed
