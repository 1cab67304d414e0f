"""Recording values, one or thousands. A correction supersedes; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.models import Group, Marker, Measure, Observation, ObservationStatus, Return
from outcomes.tasks.telling import figures_came
from partnerships.errors import DomainError
from partnerships.models import Organisation, Place
from partnerships.queries.notices import MAILED_WITHIN

BATCH = 2000
# Markers of cells that say nothing: another period that ends on the same day may take their place.
NOTHING = (Marker.UNAVAILABLE, Marker.NOT_APPLICABLE)
# What a row says about its cell; the rest of a row is where it came from.
SAID = ("value", "marker", "numerator", "denominator", "lower", "upper", "status")
PLACES = {
    name: Decimal(1).scaleb(-Observation._meta.get_field(name).decimal_places)
    for name in ("value", "numerator", "denominator", "lower", "upper")
}


@dataclass(frozen=True, slots=True)
class NewObservation:
    """What is said about one cell: a value, or a marker that says why there is none.

    `recorded_at` is when it became known, where that is not the moment of writing. `organisation` says whose part it is,
    where it is not the whole place; `returned_in` the return that brought it.
    """

    place: Place
    period_start: date
    period_end: date
    period_label: str
    value: Decimal | None
    marker: str = ""
    group: Group | None = None
    organisation: Organisation | None = None
    returned_in: Return | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    status: ObservationStatus = ObservationStatus.FINAL
    source: str = ""
    note: str = ""
    recorded_at: datetime | None = None

    @property
    def cell(self) -> tuple[int, int | None, int | None, date, date]:
        return (
            self.place.pk,
            self.organisation.pk if self.organisation else None,
            self.group.pk if self.group else None,
            self.period_start,
            self.period_end,
        )

    @property
    def says_something(self) -> bool:
        return self.marker not in NOTHING


@transaction.atomic
def record_observation(*, measure: Measure, by: Any, **said: Any) -> Observation:
    """Record a value, or a marker that says why there is none; what was known before is superseded, not lost.

    Takes the fields of `NewObservation`. Saying the same again changes nothing and returns the row that stands. Raises
    DomainError for a period that ends before it starts and for a cell with neither value nor marker, or with both.
    """
    return record_observations(measure=measure, rows=[NewObservation(**said)], by=by)[0]


@transaction.atomic
def record_observations(
    *, measure: Measure, rows: Iterable[NewObservation], by: Any, recorded_at: datetime | None = None
) -> list[Observation]:
    """Record many rows of one measure, as if one after the other, oldest knowledge first.

    Returns what stands for each row, in the order given. Raises DomainError, with nothing written, for a row that
    `record_observation` refuses, for two rows that say something about one cell at the same moment, and for a row that was
    known before the one it would supersede, and for a row whose period ends on the day of another period that has a figure.
    """
    # Two people who record the same cell at once wait for each other here, rather than meeting at the unique constraint;
    # the clock is read after the wait, so that the one who waited knows later.
    list(Measure.objects.select_for_update(no_key=True).filter(pk=measure.pk).values_list("pk"))
    now = timezone.now()
    given = [_as_stored(row, row.recorded_at or recorded_at or now) for row in rows]
    for row in given:
        _check(row, now)
    standing = _standing(measure, given)
    ends = _Ends(standing.values())
    made: list[Observation] = []
    ended: list[Observation] = []
    answers: dict[int, Observation] = {}
    seen: set[tuple[Any, ...]] = set()
    for index, row in sorted(enumerate(given), key=lambda pair: pair[1].recorded_at):  # type: ignore[arg-type, return-value]
        if (row.cell, row.recorded_at) in seen:
            raise DomainError(f"Two rows say something about {row.place} in {row.period_label}. Keep one.")
        seen.add((row.cell, row.recorded_at))
        before = standing.get(row.cell)
        if before is not None and all(getattr(before, name) == getattr(row, name) for name in SAID):
            answers[index] = before
            continue
        ends.take(row, before)
        if before is not None:
            if row.recorded_at < before.recorded_at:
                raise DomainError(
                    f"A later figure for {row.place} in {row.period_label} is recorded already."
                )
            before.superseded_at = row.recorded_at
            if before.pk:
                ended.append(before)
        answers[index] = standing[row.cell] = _observation(measure, row, by)
        made.append(standing[row.cell])
    Observation.objects.bulk_update(ended, ["superseded_at"], batch_size=BATCH)
    Observation.objects.bulk_create(made, batch_size=BATCH)
    # What became known long ago and is only written down now is no news.
    if any(row.recorded_at > now - MAILED_WITHIN for row in made):
        figures_came(measure, by=by)
    return [answers[index] for index in range(len(given))]


def _as_stored(row: NewObservation, recorded_at: datetime) -> NewObservation:
    """With the decimals that the database keeps, so that saying the same again is recognised."""
    numbers = {name: getattr(row, name) for name in PLACES}
    kept = {name: number.quantize(PLACES[name]) for name, number in numbers.items() if number is not None}
    return replace(row, recorded_at=recorded_at, **kept)


def _check(row: NewObservation, now: datetime) -> None:
    if row.period_end < row.period_start:
        raise DomainError("The period ends before it starts.", field="period_end")
    if row.value is None and not row.marker:
        raise DomainError("Enter a value, or say why there is none.", field="value")
    if row.value is not None and row.marker not in ("", "low"):
        raise DomainError("Enter a value or a reason why there is none, not both.", field="value")
    if row.recorded_at > now:  # type: ignore[operator]
        raise DomainError("A figure can't be known before today.", field="recorded_at")


class _Ends:
    """Which periods with a figure end on which day. No two may: a series has one point a day."""

    def __init__(self, standing: Iterable[Observation]) -> None:
        self.labels: dict[tuple[Any, ...], dict[date, str]] = {}
        for known in standing:
            if known.marker not in NOTHING:
                where = (known.place_id, known.organisation_id, known.group_id, known.period_end)
                self.labels.setdefault(where, {})[known.period_start] = known.period_label

    def take(self, row: NewObservation, before: Observation | None) -> None:
        """Notes what a row is about to say. One that corrects a figure brings no new period."""
        place, organisation, group, start, end = row.cell
        periods = self.labels.setdefault((place, organisation, group, end), {})
        if not row.says_something:
            periods.pop(start, None)
            return
        is_new = before is None or before.marker in NOTHING
        other = next((label for first, label in periods.items() if first != start), None) if is_new else None
        if other is not None:
            raise DomainError(
                f"{row.period_label} ends on the same day as {other}, for which {row.place} has a figure already. "
                "There can be one figure a day. Say first that the other is not available.",
                field="period_end",
            )
        periods[start] = row.period_label


def _standing(measure: Measure, rows: list[NewObservation]) -> dict[tuple[Any, ...], Observation]:
    """What is known now about the cells of these rows."""
    if not rows:
        return {}
    found = Observation.objects.filter(
        measure=measure,
        superseded_at__isnull=True,
        place__in={row.place.pk for row in rows},
        period_end__range=(min(row.period_end for row in rows), max(row.period_end for row in rows)),
    )
    return {
        (
            known.place_id,
            known.organisation_id,
            known.group_id,
            known.period_start,
            known.period_end,
        ): known
        for known in found.iterator(BATCH)
    }


def _observation(measure: Measure, row: NewObservation, by: Any) -> Observation:
    return Observation(
        partnership_id=measure.partnership_id,
        measure=measure,
        place=row.place,
        group=row.group,
        organisation=row.organisation,
        returned_in=row.returned_in,
        period_start=row.period_start,
        period_end=row.period_end,
        period_label=row.period_label,
        source=row.source,
        note=row.note,
        recorded_by=by,
        recorded_at=row.recorded_at,
        **{name: getattr(row, name) for name in SAID},
    )
