"""Imports a file of 1,000,000 figures: rows a second, memory, and how that compares with a bare COPY of the same rows.

Run it with the database and the broker up; it makes a database of its own and removes it afterwards:

    python3 -m launch services -- .venv/bin/python -m benchmarks.imports [--rows 1000000] [--groups 10]
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import tempfile
import time
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.files.uploadedfile import TemporaryUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402

from outcomes.actions import imports, setting_up  # noqa: E402
from outcomes.imports.groups import Breakdown  # noqa: E402
from outcomes.imports.mapping import Mapping  # noqa: E402
from outcomes.models import BatchStatus, ImportBatch, Observation  # noqa: E402
from outcomes.tasks.imports import check_file, save_figures, undo_figures  # noqa: E402
from partnerships.actions.setting_up import create_partnership  # noqa: E402
from partnerships.models import Place  # noqa: E402
from people.actions.memberships import add_person  # noqa: E402

PLACES = 500
MONTHS = [f"{year}-{month:02}" for year in range(1900, 2101) for month in range(1, 13)]
COLUMNS = "partnership_id, measure_id, place_id, group_id, period_start, period_end, period_label, value, marker, status, note, source, recorded_at"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument(
        "--groups", type=int, default=0, help="how many groups each place has in each month"
    )
    said = arguments.parse_args()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
            measure_import(Path(folder) / "figures.csv", said.rows, said.groups)
    finally:
        teardown_databases(databases, verbosity=0)


def measure_import(path: Path, rows: int, groups: int) -> None:
    partnership, measure, by = make_world()
    write_file(path, rows, groups)
    print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    before = peak()
    with uploaded(path) as file:
        batch, seconds = timed(imports.upload_figures, partnership=partnership, file=file, by=by)
    report("upload: type, encoding, headings", rows, seconds, before)
    batch = say_columns(batch, measure, by, groups)
    _, seconds = timed(check_file, batch.pk, batch.attempt)
    checked = seconds
    batch.refresh_from_db()
    assert (batch.status, batch.rows_new) == (BatchStatus.PREVIEWED, rows), (
        batch.status,
        batch.problem,
        batch.rows_new,
    )
    report("check: read, stage, compare", rows, seconds, before)
    ImportBatch.objects.filter(pk=batch.pk).update(status=BatchStatus.SAVING, saved_by=by)
    _, seconds = timed(save_figures, batch.pk)
    report("save", rows, seconds, before)
    print(f"{'check and save':<36}{rows / (checked + seconds):>12,.0f} rows/s")
    copied = copy_again(rows)
    print(f"{'bare COPY into the same table':<36}{rows / copied:>12,.0f} rows/s")
    print(f"{'check and save / bare COPY':<36}{(checked + seconds) / copied:>12.2f} times its time")
    ImportBatch.objects.filter(pk=batch.pk).update(status=BatchStatus.UNDOING, undone_by=by)
    _, seconds = timed(undo_figures, batch.pk, False)
    report("undo", rows, seconds, before)


def make_world() -> tuple[object, object, object]:
    Place.objects.bulk_create(
        Place(name=f"Place {n}", kind="local_authority", code=f"E07{n:06}") for n in range(PLACES)
    )
    partnership = create_partnership(
        name="Benchmark", started_on=date(2020, 1, 1), main_place=Place.objects.first()
    )
    outcome = setting_up.add_outcome(partnership=partnership, title="Benchmark")
    measure = setting_up.add_measure(
        outcome=outcome, name="Benchmark", unit="%", direction="up", frequency="month"
    )
    return partnership, measure, add_person(name="Benchmark", email="benchmark@throughline.example")


def write_file(path: Path, rows: int, groups: int) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["area_code", "area_name", "period", "value", "lower", "upper", "age"])
        for n in range(rows):
            which, place, month = (
                n % (groups + 1),
                n // (groups + 1) % PLACES,
                MONTHS[n // (groups + 1) // PLACES],
            )
            value = 40 + n % 997 / 25
            writer.writerow(
                [
                    f"E07{place:06}",
                    f"Place {place}",
                    month,
                    f"{value:.1f}",
                    f"{value - 2:.1f}",
                    f"{value + 2:.1f}",
                    f"Age {which}" if which else "Total",
                ]
            )


def uploaded(path: Path) -> TemporaryUploadedFile:
    file = TemporaryUploadedFile("figures.csv", "text/csv", path.stat().st_size, None)
    with path.open("rb") as source:
        while block := source.read(1 << 20):
            file.write(block)
    file.seek(0)
    return file


def say_columns(batch: ImportBatch, measure: object, by: object, groups: int) -> ImportBatch:
    """What the mapping page sends, with the work left for below."""
    delay, check_file.delay = check_file.delay, lambda *arguments: None
    try:
        mapping = Mapping(
            place_columns=["area_code"],
            period_column="period",
            value_column="value",
            lower_column="lower",
            upper_column="upper",
            breakdowns=[Breakdown("age", "Age")] if groups else [],
        )
        return imports.map_columns(batch=batch, measure=measure, mapping=mapping, recipe_name="", by=by)
    finally:
        check_file.delay = delay


def copy_again(rows: int) -> float:
    """The saved rows, written by COPY into an empty table with the same indexes and constraints."""
    with connection.cursor() as cursor, tempfile.TemporaryFile() as kept:
        with cursor.copy(
            f"COPY (SELECT {COLUMNS}, lower, upper FROM outcomes_observation) TO STDOUT"
        ) as copy:
            for block in copy:
                kept.write(block)
        cursor.execute("CREATE TABLE copied (LIKE outcomes_observation INCLUDING ALL)")
        for name, target in (
            ("partnership_id", "partnerships_partnership"),
            ("measure_id", "outcomes_measure"),
            ("place_id", "partnerships_place"),
            ("group_id", "outcomes_group"),
        ):
            cursor.execute(f"ALTER TABLE copied ADD FOREIGN KEY ({name}) REFERENCES {target}")
        kept.seek(0)
        started = time.perf_counter()
        with cursor.copy(f"COPY copied ({COLUMNS}, lower, upper) FROM STDIN") as copy:
            while block := kept.read(1 << 20):
                copy.write(block)
        seconds = time.perf_counter() - started
        cursor.execute("SELECT count(*) FROM copied")
        assert cursor.fetchone()[0] == rows == Observation.objects.count()
        cursor.execute("DROP TABLE copied")
    return seconds


def timed(work: object, *arguments: object, **named: object) -> tuple[object, float]:
    started = time.perf_counter()
    return work(*arguments, **named), time.perf_counter() - started


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(what: str, rows: int, seconds: float, before: float) -> None:
    print(
        f"{what:<36}{rows / seconds:>12,.0f} rows/s{seconds:>9.1f} s   memory {peak():,.0f} MB (was {before:,.0f})"
    )


if __name__ == "__main__":
    main()
