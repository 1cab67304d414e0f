"""Loading published places and deprivation from the official files. Loading a file again changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

from partnerships.errors import DomainError
from partnerships.models import AuthorityDeprivation, Place, PlaceKind
from partnerships.queries.place_codes import fault_of

PLACE_COLUMNS = (
    "LADCD", "LADNM", "LADCD_ACTIVE", "UTLACD", "UTLANM", "CAUTHCD", "CAUTHNM", "RGNCD", "RGNNM", "CTRYCD", "CTRYNM", "Current",
)  # fmt: skip
# First and last day of a code, as the Code History Database of the Office for National Statistics heads them.
DAY_COLUMNS = {"valid_from": "OPER_DATE", "valid_to": "TERM_DATE"}
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
# The local authority of a small area, which some editions of the file name.
AREA_AUTHORITY = "ltla24_code"
DEPRIVATION_SOURCE = "English Indices of Deprivation {year}, MHCLG"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a file made, changed and left as they were."""

    created: int
    updated: int
    unchanged: int

    def __str__(self) -> str:
        return f"{self.created:,} new, {self.updated:,} changed, {self.unchanged:,} unchanged"


def read_table(path: Path, wanted: Iterable[str], welcome: Iterable[str] = ()) -> Iterator[dict[str, str]]:
    """Rows of a CSV file by heading; columns that are only welcome are empty where the file lacks them.

    Raises DomainError that names the file and the column that is missing.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in wanted if name not in (reader.fieldnames or ())]
            if missing:
                found = ", ".join(reader.fieldnames or ()) or "no headings at all"
                raise DomainError(f"{path.name} has no column {', '.join(missing)}. It has {found}.")
            for row in reader:
                yield {name: (row.get(name) or "").strip() for name in (*wanted, *welcome)}
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DomainError(f"{path} cannot be read: {problem}") from None


@transaction.atomic
def import_places(*, path: Path, by: Any = None) -> Loaded:
    """Make or bring up to date every local authority of the file, with the county, combined authority, region and nation
    that it lies in; a code that is no longer in use points at the one that took over. All of it or nothing.
    """
    rows = list(read_table(path, PLACE_COLUMNS, DAY_COLUMNS.values()))
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
        fault = fault_of(code, kind)
        if fault and code not in wanted:
            raise DomainError(f"{file_name}: {fault}")
        if wanted.setdefault(code, said)["name"] != name:
            raise DomainError(f"{file_name} gives {code} two names: {wanted[code]['name']} and {name}.")

    regions: dict[str, set[str]] = {}
    for row in rows:
        regions.setdefault(row["CAUTHCD"], set()).add(row["RGNCD"])
    _refuse_loops(rows, file_name)
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
            # One that reaches into two regions lies in neither.
            (region, *others) = sorted(regions[row["CAUTHCD"]])
            parent = row["CTRYCD"] if others or not region else region
            want(row["CAUTHCD"], row["CAUTHNM"], PlaceKind.COMBINED_AUTHORITY, parent=parent)
        if row["LADCD"] in wanted:
            raise DomainError(f"{file_name} has two rows for {row['LADCD']}.")
        want(row["LADCD"], row["LADNM"], PlaceKind.LOCAL_AUTHORITY, parent=around, upper_tier=county,
             combined_authority=row["CAUTHCD"])  # fmt: skip
        said = wanted[row["LADCD"]]
        said["is_current"] = row["Current"].upper() == "TRUE"
        said |= {name: _day(row[column], file_name) for name, column in DAY_COLUMNS.items() if row[column]}
    return wanted


def _refuse_loops(rows: list[dict[str, str]], file_name: str) -> None:
    """A code that took over from the one that took over from it leads nowhere."""
    follows = {row["LADCD"]: row["LADCD_ACTIVE"] for row in rows if row["LADCD"] != row["LADCD_ACTIVE"]}
    for start in follows:
        seen, code = {start}, follows[start]
        while code in follows and code not in seen:
            seen.add(code)
            code = follows[code]
        if code in seen:
            raise DomainError(
                f"{file_name}: {start} and {follows[start]} are each said to have taken over from the other."
            )


def _day(text: str, file_name: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text[:10], form).date()
        except ValueError:
            continue
    raise DomainError(f"{file_name}: “{text}” is no day. Write it as 2026-04-01 or 01/04/2026.")


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
        days = {name: said[name] for name in DAY_COLUMNS if name in said}
        values = {name: said[name] for name in ("name", "kind", "is_current")} | inside | days
        if any(getattr(place, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(place, name, value)
            changed.add(code)
    fields = ["name", "kind", "is_current", "parent", "upper_tier", "combined_authority", *DAY_COLUMNS]
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
            "income_decile smallint, education_decile smallint, health_decile smallint, authority_code text) "
            "ON COMMIT DROP"
        )
        with cursor.copy("COPY small_areas FROM STDIN") as copy:
            for total, row in enumerate(read_table(path, SMALL_AREA_COLUMNS, [AREA_AUTHORITY]), 1):
                for column in SMALL_AREA_COLUMNS[1:]:
                    _number(row, column, path.name, total + 1)
                copy.write_row([row[column] for column in (*SMALL_AREA_COLUMNS, AREA_AUTHORITY)])
        cursor.execute(
            "INSERT INTO partnerships_smallareadeprivation AS kept "
            "(code, year, decile, rank, score, income_decile, education_decile, health_decile, authority_code) "
            "SELECT code, %s, decile, rank, score, income_decile, education_decile, health_decile, authority_code "
            "FROM small_areas "
            "ON CONFLICT (code, year) DO UPDATE SET decile = excluded.decile, rank = excluded.rank, score = excluded.score, "
            "income_decile = excluded.income_decile, education_decile = excluded.education_decile, "
            "health_decile = excluded.health_decile, "
            "authority_code = coalesce(nullif(excluded.authority_code, ''), kept.authority_code) "
            "WHERE (kept.decile, kept.rank, kept.score, kept.income_decile, kept.education_decile, kept.health_decile, "
            "kept.authority_code) IS DISTINCT FROM (excluded.decile, excluded.rank, excluded.score, "
            "excluded.income_decile, excluded.education_decile, excluded.health_decile, "
            "coalesce(nullif(excluded.authority_code, ''), kept.authority_code)) RETURNING old.code IS NULL",
            [year],
        )
        written = [was_new for (was_new,) in cursor.fetchall()]
    created = sum(written)
    return Loaded(created, len(written) - created, total - len(written))
