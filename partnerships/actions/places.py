"""Loading published places and deprivation from the official files. Loading a file again changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

from partnerships.errors import DomainError
from partnerships.models import AuthorityDeprivation, Place, PlaceKind

PLACE_COLUMNS = (
    "LADCD", "LADNM", "LADCD_ACTIVE", "UTLACD", "UTLANM", "CAUTHCD", "CAUTHNM", "RGNCD", "RGNNM", "CTRYCD", "CTRYNM", "Current",
)  # fmt: skip
AUTHORITY_COLUMNS = {
    "average_rank": "imd_average_rank",
    "average_rank_rank": "imd_rank_of_average_rank",
    "average_score": "imd_average_score",
    "average_score_rank": "imd_rank_of_average_score",
    "share_most_deprived": "imd_prop_lsoas_most_deprived_10pc",
}
SMALL_AREA_COLUMNS = (
    "lsoa21_code", "imd_decile", "imd_rank", "imd_score", "income_decile", "education_decile", "health_decile",
)  # fmt: skip
DEPRIVATION_SOURCE = "English Indices of Deprivation {year}, MHCLG"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a file made, changed and left as they were."""

    created: int
    updated: int
    unchanged: int

    def __str__(self) -> str:
        return f"{self.created:,} new, {self.updated:,} changed, {self.unchanged:,} unchanged"


def read_table(path: Path, wanted: Iterable[str]) -> Iterator[dict[str, str]]:
    """Rows of a CSV file by heading. Raises DomainError that names the file and the column that is missing."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in wanted if name not in (reader.fieldnames or ())]
            if missing:
                found = ", ".join(reader.fieldnames or ()) or "no headings at all"
                raise DomainError(f"{path.name} has no column {', '.join(missing)}. It has {found}.")
            for row in reader:
                yield {name: (row[name] or "").strip() for name in wanted}
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DomainError(f"{path} cannot be read: {problem}") from None


@transaction.atomic
def import_places(*, path: Path, by: Any = None) -> Loaded:
    """Make or bring up to date every local authority of the file, with the county, combined authority, region and nation
    that it lies in; a code that is no longer in use points at the one that took over. All of it or nothing.
    """
    rows = list(read_table(path, PLACE_COLUMNS))
    if not rows:
        raise DomainError(f"{path.name} has headings, but no rows.")
    wanted = _wanted_places(rows, path.name)
    known = {place.code: place for place in Place.objects.select_for_update().filter(code__in=wanted)}
    fictional = next((place for place in known.values() if place.is_fictional), None)
    if fictional is not None:
        raise DomainError(
            f"{fictional.code} belongs to {fictional.name}, which is made up. Give that place no code."
        )
    created = _create(wanted, known)
    places = Place.objects.in_bulk(wanted, field_name="code")
    changed = _link(wanted, places) | _succeed(rows, places)
    updated = len(changed - created)
    return Loaded(len(created), updated, len(wanted) - len(created) - updated)


def _wanted_places(rows: list[dict[str, str]], file_name: str) -> dict[str, dict[str, Any]]:
    """By code: name, kind, and the codes of what each place lies in."""
    authorities = {row["LADCD"] for row in rows}
    wanted: dict[str, dict[str, Any]] = {}

    def want(code: str, name: str, kind: PlaceKind, **inside: str) -> None:
        said = {
            "name": name,
            "kind": kind,
            "is_current": True,
            "parent": "",
            "upper_tier": "",
            "combined_authority": "",
        } | inside
        if wanted.setdefault(code, said)["name"] != name:
            raise DomainError(f"{file_name} gives {code} two names: {wanted[code]['name']} and {name}.")

    for row in rows:
        if row["LADCD_ACTIVE"] not in authorities:
            raise DomainError(
                f"{file_name} says that {row['LADCD']} is now {row['LADCD_ACTIVE']}, and has no row for that."
            )
        want(row["CTRYCD"], row["CTRYNM"], PlaceKind.NATION)
        if row["RGNCD"]:
            want(row["RGNCD"], row["RGNNM"], PlaceKind.REGION, parent=row["CTRYCD"])
        around = row["RGNCD"] or row["CTRYCD"]
        # A unitary authority is its own upper tier, which says nothing.
        county = row["UTLACD"] if row["UTLACD"] not in authorities else ""
        if county:
            want(county, row["UTLANM"], PlaceKind.UPPER_TIER, parent=around)
        if row["CAUTHCD"]:
            want(row["CAUTHCD"], row["CAUTHNM"], PlaceKind.COMBINED_AUTHORITY, parent=row["CTRYCD"])
        if row["LADCD"] in wanted:
            raise DomainError(f"{file_name} has two rows for {row['LADCD']}.")
        want(row["LADCD"], row["LADNM"], PlaceKind.LOCAL_AUTHORITY, parent=around, upper_tier=county,
             combined_authority=row["CAUTHCD"])  # fmt: skip
        wanted[row["LADCD"]]["is_current"] = row["Current"].upper() == "TRUE"
    return wanted


def _create(wanted: dict[str, dict[str, Any]], known: dict[str | None, Place]) -> set[str]:
    new = [code for code in wanted if code not in known]
    Place.objects.bulk_create(
        Place(
            code=code,
            name=wanted[code]["name"],
            kind=wanted[code]["kind"],
            is_current=wanted[code]["is_current"],
        )
        for code in new
    )
    return set(new)


def _link(wanted: dict[str, dict[str, Any]], places: dict[str, Place]) -> set[str]:
    """Give every place what the file says of it; returns the codes that this changed."""
    changed = set()
    for code, said in wanted.items():
        place = places[code]
        inside = {
            f"{name}_id": places[said[name]].pk if said[name] else None
            for name in ("parent", "upper_tier", "combined_authority")
        }
        values = {name: said[name] for name in ("name", "kind", "is_current")} | inside
        if any(getattr(place, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(place, name, value)
            changed.add(code)
    fields = ["name", "kind", "is_current", "parent", "upper_tier", "combined_authority"]
    Place.objects.bulk_update([places[code] for code in changed], fields)
    return changed


def _succeed(rows: list[dict[str, str]], places: dict[str, Place]) -> set[str]:
    """Point old codes at the ones that took over; returns the codes that this changed."""
    through = Place.successors.through
    ids = {place.pk: code for code, place in places.items()}
    said = {
        (places[row["LADCD"]].pk, places[row["LADCD_ACTIVE"]].pk)
        for row in rows
        if row["LADCD"] != row["LADCD_ACTIVE"]
    }
    stands = set(through.objects.filter(from_place__in=ids).values_list("from_place_id", "to_place_id"))
    for old, new in stands - said:
        through.objects.filter(from_place=old, to_place=new).delete()
    through.objects.bulk_create(
        through(from_place_id=old, to_place_id=new) for old, new in sorted(said - stands)
    )
    return {ids[old] for old, _ in stands ^ said}


@transaction.atomic
def import_authority_deprivation(*, path: Path, year: int = 2025, by: Any = None) -> Loaded:
    """Load the published summary for each local authority. Averages are taken as published, never worked out from deciles."""
    rows = list(read_table(path, ("ltla24_code", "ltla24_name", *AUTHORITY_COLUMNS.values())))
    places = Place.objects.in_bulk([row["ltla24_code"] for row in rows], field_name="code")
    unknown = [
        f"{row['ltla24_name']} ({row['ltla24_code']})" for row in rows if row["ltla24_code"] not in places
    ]
    if unknown:
        few = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        raise DomainError(f"{path.name} has places that are not known here: {few}. Run import_places first.")
    known = {kept.place_id: kept for kept in AuthorityDeprivation.objects.filter(year=year)}
    new, changed = [], []
    for number, row in enumerate(rows, 2):
        said: dict[str, Any] = {
            name: _number(row, column, path.name, number) for name, column in AUTHORITY_COLUMNS.items()
        }
        said["source"] = DEPRIVATION_SOURCE.format(year=year)
        place = places[row["ltla24_code"]]
        kept = known.get(place.pk)
        if kept is None:
            new.append(AuthorityDeprivation(place=place, year=year, **said))
        elif any(getattr(kept, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(kept, name, value)
            changed.append(kept)
    AuthorityDeprivation.objects.bulk_create(new)
    AuthorityDeprivation.objects.bulk_update(changed, [*AUTHORITY_COLUMNS, "source"])
    return Loaded(len(new), len(changed), len(rows) - len(new) - len(changed))


def _number(row: dict[str, str], column: str, file_name: str, number: int) -> Decimal:
    try:
        return Decimal(row[column])
    except InvalidOperation:
        raise DomainError(
            f"{file_name}, row {number}: {column} is “{row[column]}”, which is no number."
        ) from None


def import_small_area_deprivation(*, path: Path, year: int = 2025, by: Any = None) -> Loaded:
    """Load the rank, score and deciles of each small area (LSOA)."""
    try:
        with transaction.atomic():
            return _copy_small_areas(path, year)
    except (DatabaseError, psycopg.Error) as problem:
        raise DomainError(f"{path.name} cannot be loaded: {str(problem).splitlines()[0]}") from None


def _copy_small_areas(path: Path, year: int) -> Loaded:
    total = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.small_areas")
        cursor.execute(
            "CREATE TEMP TABLE small_areas (code text PRIMARY KEY, decile smallint, rank integer, score numeric(7, 3), "
            "income_decile smallint, education_decile smallint, health_decile smallint) ON COMMIT DROP"
        )
        with cursor.copy("COPY small_areas FROM STDIN") as copy:
            for total, row in enumerate(read_table(path, SMALL_AREA_COLUMNS), 1):
                for column in SMALL_AREA_COLUMNS[1:]:
                    _number(row, column, path.name, total + 1)
                copy.write_row([row[column] for column in SMALL_AREA_COLUMNS])
        cursor.execute(
            "INSERT INTO partnerships_smallareadeprivation AS kept "
            "(code, year, decile, rank, score, income_decile, education_decile, health_decile) "
            "SELECT code, %s, decile, rank, score, income_decile, education_decile, health_decile FROM small_areas "
            "ON CONFLICT (code, year) DO UPDATE SET decile = excluded.decile, rank = excluded.rank, score = excluded.score, "
            "income_decile = excluded.income_decile, education_decile = excluded.education_decile, "
            "health_decile = excluded.health_decile "
            "WHERE (kept.decile, kept.rank, kept.score, kept.income_decile, kept.education_decile, kept.health_decile) "
            "IS DISTINCT FROM (excluded.decile, excluded.rank, excluded.score, excluded.income_decile, "
            "excluded.education_decile, excluded.health_decile) RETURNING old.code IS NULL",
            [year],
        )
        written = [was_new for (was_new,) in cursor.fetchall()]
    created = sum(written)
    return Loaded(created, len(written) - created, total - len(written))
