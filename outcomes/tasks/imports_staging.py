"""Reads an uploaded file into staged rows and works out, set-wise, what each would change. One transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from django.db import connection, transaction

from outcomes.imports.groups import GroupFinder, KnownGroup
from outcomes.imports.mapping import Mapping
from outcomes.imports.periods import Period
from outcomes.imports.places import KnownPlace, PlaceFinder
from outcomes.imports.rows import MeasureFacts, ReadFigure, RowReader
from outcomes.imports.table import Reading, open_table
from outcomes.models import BatchStatus, Frequency, Group, ImportBatch, Measure, RowVerdict
from outcomes.queries.figures import USUAL_DAYS
from outcomes.queries.imports_places import known_places
from outcomes.statistics.units import is_percentage
from outcomes.tasks import imports_sql as sql
from outcomes.tasks.imports_progress import tell
from partnerships.errors import DomainError
from partnerships.models import ProgrammePeriod

BLOCK = 20_000
WRITTEN = ("place", "period", "value", "group")
READING_SHARE = 0.9  # of the whole work; the comparison is the rest


def measure_facts(measure: Measure) -> MeasureFacts:
    periods: dict[str, Period] = {}
    if measure.frequency == Frequency.PERIOD and measure.programme_id:
        # Under the name that the programme has for them, as its returns do.
        for one in ProgrammePeriod.objects.filter(programme=measure.programme_id):
            periods[one.name.casefold()] = Period(one.starts_on, one.ends_on, one.name[:40])
    return MeasureFacts(measure.frequency, is_percentage(measure.unit), periods)


def stage(batch_id: int, attempt: int) -> None:
    """Fills the staged rows of a batch that is being checked; a check that was overtaken changes nothing.

    Raises Unreadable, with nothing changed, when the file turns out to hold no table of figures.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_related("measure", "partnership").get(pk=batch_id)
        if not _is_wanted(batch_id, attempt):
            return
        reader = _reader(batch)
        with connection.cursor() as cursor:
            cursor.execute(sql.DROP_CHECKING)
            cursor.execute(sql.CREATE_INCOMING)
            with batch.file.open("rb") as file, open_table(file, Reading.from_json(batch.reading)) as table:
                figures = reader.figures(table.rows())
                while lines := _lines(islice(figures, BLOCK)):
                    with cursor.copy(sql.COPY_INCOMING) as copy:
                        copy.write(lines)
                    tell(batch_id, attempt, READING_SHARE * table.done, reader.read)
                    if not _is_wanted(batch_id, attempt):
                        return
            tell(batch_id, attempt, READING_SHARE, reader.read)
            _compare(cursor, batch)
            counts = _counts(cursor, batch)
        if not reader.read:
            raise DomainError("The file has no rows below its headings.")
        _finish(batch, attempt, reader, counts)


def _is_wanted(batch_id: int, attempt: int) -> bool:
    return ImportBatch.objects.filter(pk=batch_id, status=BatchStatus.CHECKING, attempt=attempt).exists()


def _reader(batch: ImportBatch) -> RowReader:
    mapping = Mapping.from_json(batch.mapping)
    reading = Reading.from_json(batch.reading)
    places: list[KnownPlace] = known_places(batch.partnership)
    finder = PlaceFinder(places, kind=mapping.place_kind, merged=mapping.merged)
    groups = Group.objects.filter(partnership=batch.partnership).order_by("pk")
    known = [KnownGroup(*row) for row in groups.values_list("pk", "dimension", "name")]
    return RowReader(mapping, reading.headings, finder, measure_facts(batch.measure), GroupFinder(known))


def _lines(figures: Iterator[ReadFigure]) -> str:
    """Rows as COPY reads them. Numbers and dates need no escapes; what people wrote does."""
    lines = []
    for f in figures:
        written = (
            _escaped(
                json.dumps({name: cell for name, cell in zip(WRITTEN, f.as_written, strict=True) if cell})
            )
            if f.note
            else "{}"
        )
        lines.append(
            f"{f.row_number}\t{_escaped(f.column)}\t{f.place_id or sql.NULL}\t{f.group}\t{f.period_start or sql.NULL}\t"
            f"{f.period_end or sql.NULL}\t{f.period_label}\t{f.value or sql.NULL}\t{f.numerator or sql.NULL}\t"
            f"{f.denominator or sql.NULL}\t{f.lower or sql.NULL}\t{f.upper or sql.NULL}\t{f.marker}\t{f.status}\t"
            f"{f.refusal}\t{_escaped(f.note[:500])}\t{written}\n"
        )
    return "".join(lines)


def _escaped(text: str) -> str:
    if not text:
        return text
    return (
        text.replace("\x00", "")
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
    )


def _compare(cursor: object, batch: ImportBatch) -> None:
    about = {"batch": batch.pk, "measure": batch.measure_id, "partnership": batch.partnership_id}
    about |= sql.mapped(Mapping.from_json(batch.mapping))
    cursor.execute(sql.DELETE_STAGED, about)
    cursor.execute("ANALYZE incoming")
    cursor.execute(sql.FIND_ENDING, about | {"usual_days": USUAL_DAYS.get(batch.measure.frequency)})
    cursor.execute(sql.REFUSE_ENDING)
    cursor.execute(sql.FIND_CROWDED)
    cursor.execute("ANALYZE crowded")
    cursor.execute(sql.INSERT_STAGED, about)


def _counts(cursor: object, batch: ImportBatch) -> dict[int, dict[str, int]]:
    """How many figures of each group (0 is everybody) have which verdict."""
    cursor.execute(sql.COUNT_STAGED, {"batch": batch.pk})
    counts: dict[int, dict[str, int]] = {}
    for group, verdict, count in cursor.fetchall():
        counts.setdefault(group, {})[verdict] = count
    return counts


def _finish(batch: ImportBatch, attempt: int, reader: RowReader, counts: dict[int, dict[str, int]]) -> None:
    """Only the newest check may say that it is done; with none updated, the transaction leaves what the newest will do."""
    groups = [
        {"number": number, "dimension": dimension, "name": name} | counts[number]
        for number, (dimension, name) in reader.groups.found.items()
        if number in counts
    ]
    done = ImportBatch.objects.filter(pk=batch.pk, status=BatchStatus.CHECKING, attempt=attempt).update(
        status=BatchStatus.PREVIEWED,
        problem="",
        rows_read=reader.read,
        rows_skipped=reader.skipped,
        rows_crossed=reader.crossed,
        groups=groups,
        **{
            f"rows_{verdict}": sum(of.get(verdict, 0) for of in counts.values())
            for verdict in RowVerdict.values
        },
    )
    if not done:
        transaction.set_rollback(True)
