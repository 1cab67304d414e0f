"""What the pages of an import show: its batches, the rows of a check, and why rows were refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Min, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from outcomes.imports.periods import label_of
from outcomes.models import (
    BatchStatus,
    ImportBatch,
    ImportRecipe,
    Marker,
    Measure,
    Observation,
    Refusal,
    RowVerdict,
    StagedRow,
)
from outcomes.statistics.rounding import format_number
from partnerships.models import Partnership, Place, PlaceKind

# A list of places that has been loaded holds hundreds of authorities; the few of a demo are no such list.
WHOLE_LIST = 250


@dataclass(frozen=True, slots=True)
class StagedFigure:
    """One row of a check as it is shown. `before` is what stands now, in words, where the row would change it."""

    row: str
    place: str
    group: str
    period: str
    figure: str
    before: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefusalGroup:
    """Rows refused for one kind of reason, with one of them as an example and what to do about it."""

    refusal: str
    title: str
    rows: int
    example: str
    advice: str


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """A figure that an import brought and that somebody has changed since."""

    place: str
    group: str
    period: str
    imported: str
    now: str
    by: str


def batches_of(partnership: Partnership) -> QuerySet[ImportBatch]:
    people = ("uploaded_by", "saved_by", "undone_by")
    return (
        ImportBatch.objects.filter(partnership=partnership)
        .select_related("measure", "recipe", *people)
        .order_by("-uploaded_at", "-pk")
    )


def recipes_of(partnership: Partnership) -> QuerySet[ImportRecipe]:
    return ImportRecipe.objects.filter(partnership=partnership).select_related("measure")


def same_file_before(batch: ImportBatch) -> ImportBatch | None:
    """The newest saved import of exactly this file, into the same measure."""
    return (
        batches_of(batch.partnership)
        .filter(sha256=batch.sha256, measure=batch.measure_id, status=BatchStatus.SAVED)
        .exclude(pk=batch.pk)
        .first()
    )


def seconds_since_asked(batch: ImportBatch, told_at: float | None) -> float:
    """How long ago anything was heard of work that the worker was given, in seconds."""
    asked = batch.asked_at.timestamp() if batch.asked_at else batch.uploaded_at.timestamp()
    return timezone.now().timestamp() - max(asked, told_at or 0.0)


def staged_rows(batch: ImportBatch, verdict: str, refusal: str = "") -> QuerySet[StagedRow]:
    rows = StagedRow.objects.filter(batch=batch, verdict=verdict).select_related("place")
    return (rows.filter(refusal=refusal) if refusal else rows).order_by("row_number", "column")


def shown_rows(batch: ImportBatch, rows: Iterable[StagedRow]) -> list[StagedFigure]:
    """A page of rows in words; one query for what stands now where rows would change it."""
    rows = list(rows)
    changing = [row for row in rows if row.verdict == RowVerdict.CHANGED]
    standing = _standing(batch.measure, changing)
    groups = {one["number"]: f"{one['dimension']}: {one['name']}" for one in batch.groups}
    groups |= {0: "Everybody"} if groups else {}
    return [_shown(batch.measure, row, standing, groups) for row in rows]


def _standing(measure: Measure, rows: list[StagedRow]) -> dict[tuple[Any, ...], Observation]:
    if not rows:
        return {}
    found = Observation.objects.filter(
        measure=measure,
        organisation__isnull=True,
        superseded_at__isnull=True,
        place__in={row.place_id for row in rows},
        period_start__in={row.period_start for row in rows},
    )
    return {(known.place_id, known.group_id, known.period_start, known.period_end): known for known in found}


def _shown(
    measure: Measure, row: StagedRow, standing: dict[tuple[Any, ...], Observation], groups: dict[int, str]
) -> StagedFigure:
    before = standing.get((row.place_id, row.group_id, row.period_start, row.period_end))
    written = row.as_written
    refused = row.verdict == RowVerdict.REFUSED
    return StagedFigure(
        row=f"{row.row_number:,}{f', {row.column}' if row.column else ''}",
        place=written.get("place", "") if refused else str(row.place or ""),
        group=written.get("group", "") if refused else groups.get(row.group_id or 0, ""),
        period=written.get("period", "") if refused else row.period_label,
        figure=written.get("value", "") if refused else in_words(measure, row),
        before=in_words(measure, before) if before else "",
        reason=row.reason,
    )


def in_words(measure: Measure, said: StagedRow | Observation) -> str:
    """A figure with everything in which two can differ, so that old and new never look alike."""
    if said.value is None:
        return Marker(said.marker).label if said.marker else ""
    words = format_number(float(said.value), max(measure.decimals, _decimals(said.value)), measure.unit)
    counts = [
        f"{number.normalize():,f}" for number in (said.numerator, said.denominator) if number is not None
    ]
    limits = [f"{number.normalize():f}" for number in (said.lower, said.upper) if number is not None]
    notes = [
        " of ".join(counts),
        f"{' to '.join(limits)}" if limits else "",
        said.get_status_display().lower() if said.status not in ("", "final") else "",
        Marker(said.marker).label.lower() if said.marker else "",
    ]
    noted = "; ".join(note for note in notes if note)
    return f"{words} ({noted})" if noted else words


def _decimals(value: Any) -> int:
    return max(-value.normalize().as_tuple().exponent, 0)


def refusal_groups(batch: ImportBatch) -> list[RefusalGroup]:
    """Why rows were refused, the most frequent reason first."""
    found = (
        StagedRow.objects.filter(batch=batch, verdict=RowVerdict.REFUSED)
        .values("refusal")
        .annotate(
            rows=Count("pk"), places=Count(KT("as_written__place"), distinct=True), first=Min("row_number")
        )
        .order_by("-rows", "refusal")
    )
    groups = list(found)
    firsts = StagedRow.objects.filter(
        batch=batch, verdict=RowVerdict.REFUSED, row_number__in={group["first"] for group in groups}
    ).order_by("-column")
    reasons = {(row.refusal, row.row_number): row.reason for row in firsts}
    return [
        RefusalGroup(
            group["refusal"],
            _title(Refusal(group["refusal"]), group["rows"], group["places"]),
            group["rows"],
            f"Row {group['first']:,}: {reasons.get((group['refusal'], group['first']), '')}",
            _advice(Refusal(group["refusal"])),
        )
        for group in groups
    ]


def _title(refusal: Refusal, rows: int, places: int) -> str:
    if refusal == Refusal.PLACE_UNKNOWN:
        return f"{places:,} place{'' if places == 1 else 's'} not known here"
    return refusal.label


def _advice(refusal: Refusal) -> str:
    if refusal == Refusal.PLACE_UNKNOWN:
        if not list_of_places_is_loaded():
            return (
                "The list of places has not been loaded. Ask the people who run this service to load it "
                "(manage.py import_places), then check the file again."
            )
        return "The code may be newer or older than the list of places here, or of a kind of place that it does not hold."
    return {
        Refusal.PLACE_EMPTY: "Total and note rows of a table have no place. Where a row's place stands above it, choose to fill down.",
        Refusal.PLACE_AMBIGUOUS: "Choose a column of codes, or say which kind of place the names are.",
        Refusal.PLACE_MERGED: "You can choose to keep the figures of places that no longer exist under their old names.",
        Refusal.PERIOD: "Check which column holds the period, and how often the measure is published.",
        Refusal.VALUE: "Check which column holds the figures.",
        Refusal.DIFFERS: "The file probably holds figures of several groups or indicators. Choose only the rows of one, or say which column holds groups of people.",
        Refusal.ENDS_TOGETHER: "A place has one figure a day on which periods end. Totals of a year belong into a measure of their own.",
        Refusal.GROUP: "Check which column holds the groups, and which of its values means everybody.",
        Refusal.SHAPE: "A comma inside a name may be missing its quotation marks.",
    }[refusal]


def list_of_places_is_loaded() -> bool:
    return Place.objects.filter(kind=PlaceKind.LOCAL_AUTHORITY, code__isnull=False).count() >= WHOLE_LIST


def refused_rows(batch: ImportBatch) -> Iterator[list[Any]]:
    """Every refused row for a file: row number, column, what was written, why."""
    rows = staged_rows(batch, RowVerdict.REFUSED).select_related(None)
    for row in rows.iterator(5_000):
        written = row.as_written
        yield [
            row.row_number, row.column, written.get("place", ""), written.get("group", ""), written.get("period", ""), written.get("value", ""), row.reason,
        ]  # fmt: skip


_CHANGED_SINCE = """
SELECT {columns} FROM outcomes_observation w
LEFT JOIN outcomes_observation o ON o.measure_id = w.measure_id AND o.place_id = w.place_id
    AND o.group_id IS NOT DISTINCT FROM w.group_id AND o.organisation_id IS NULL
    AND o.period_start = w.period_start AND o.period_end = w.period_end AND o.superseded_at IS NULL
WHERE w.batch_id = %(batch)s AND w.recorded_at = %(saved_at)s
    AND w.superseded_at IS NOT NULL AND o.batch_id IS DISTINCT FROM %(batch)s
"""


def changed_since(batch: ImportBatch, limit: int = 50) -> tuple[int, list[ChangedSince]]:
    """How many figures of a saved import somebody has changed since, and the first of them."""
    about = {"batch": batch.pk, "saved_at": batch.saved_at}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_SINCE.format(columns="count(*)"), about)
        (count,) = cursor.fetchone()
        if not count:
            return 0, []
        page = _CHANGED_SINCE.format(columns="w.id, o.id") + " ORDER BY w.id LIMIT %(limit)s"
        cursor.execute(page, about | {"limit": limit})
        pairs = cursor.fetchall()
    found = Observation.objects.select_related("place", "group", "recorded_by").in_bulk(
        [pk for pair in pairs for pk in pair if pk]
    )
    return count, [_changed(batch.measure, found[was], found.get(now)) for was, now in pairs]


def _changed(measure: Measure, was: Observation, now: Observation | None) -> ChangedSince:
    return ChangedSince(
        str(was.place),
        str(was.group or ""),
        label_of(was.period_start, was.period_end),
        in_words(measure, was),
        in_words(measure, now) if now else "None",
        str(now.recorded_by) if now and now.recorded_by else "",
    )
