"""Observations for those who take many of them: a page as rows, or all of them as CSV straight from the database.

Both come from one statement, which hides what `outcomes.queries.series` hides. It also holds breakdowns, and the parts that
partners sent: where a measure hides small counts and one part of a breakdown (or its total) is hidden, all parts of that
breakdown are, since the hidden one could be worked out from the others; and so it is with partners' parts, and with the places
that lie beside each other in one area (their totals or, where a group is hidden, its breakdown in all of them), or within one
that is hidden, for its own sake or for that of one beside it.
"""
# ruff: noqa: S608 - every statement is put together from constants of this file; what was asked goes in as parameters

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from outcomes.models import Marker
from outcomes.queries.series import hidden_sql
from partnerships.models import Partnership

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which observations: of these measures, as known at `as_of`. What is None or empty does not narrow them."""

    partnership: Partnership
    measure_ids: tuple[int, ...]
    as_of: datetime
    place_ids: tuple[int, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    recorded_since: datetime | None = None


Text = Callable[[str], str]
_KNOWN = "{row}.recorded_at <= %(as_of)s AND ({row}.superseded_at IS NULL OR {row}.superseded_at > %(as_of)s)"
# As `outcomes.queries.beside` has it: what a place stands under in the tree.
_AREA = "coalesce(upper_tier_id, combined_authority_id, parent_id)"
_CELL = "{row}.measure_id, {row}.place_id, {row}.period_start, {row}.period_end"


def page(wanted: Wanted, *, after: int, limit: int) -> list[dict[str, Any]]:
    """The next observations behind an id, oldest first: column name to value."""
    where, parameters = _where(wanted)
    fields = _fields(_as_it_is)
    with_parts = f"SELECT {_CELL.format(row='o')} FROM o WHERE o.group_id IS NOT NULL"
    of_partners = f"SELECT {_CELL.format(row='o')} FROM o WHERE o.organisation_id IS NOT NULL"
    of_places = "SELECT o.measure_id, o.period_start, o.period_end FROM o"
    tables = _tables(
        _as_it_is,
        only=f"AND ({_CELL.format(row='part')}) IN ({with_parts})",
        only_partners=f"AND ({_CELL.format(row='part')}) IN ({of_partners})",
        only_areas=f"AND (part.measure_id, part.period_start, part.period_end) IN ({of_places})",
    )
    statement = f"""
        WITH o AS MATERIALIZED (
            SELECT * FROM outcomes_observation o WHERE {where} AND o.id > %(after)s ORDER BY o.id LIMIT %(limit)s
        ), {tables}
        SELECT {_select(fields)} {_from("o")} ORDER BY o.id"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, "after": after, "limit": limit})
        return [dict(zip(fields, row, strict=True)) for row in cursor.fetchall()]


def csv_stream(wanted: Wanted, *, dangerous: Sequence[str]) -> Iterator[bytes]:
    """All of them as CSV, in no particular order, as fast as PostgreSQL writes them and in constant memory.

    A text that begins like one of `dangerous` gets an apostrophe in front, so that no spreadsheet takes it for a formula.
    """
    with connection.cursor() as cursor, cursor.copy(copy_statement(wanted, dangerous=dangerous)) as copy:
        block = bytearray()
        for row in copy:
            block += row
            if len(block) > CHUNK:
                yield bytes(block)
                block.clear()
        yield bytes(block)


def copy_statement(wanted: Wanted, *, dangerous: Sequence[str]) -> str:
    """The statement of `csv_stream`, complete: COPY takes no parameters beside it."""
    where, parameters = _where(wanted)
    # Cells as `reports.renderers.csv` writes them: yes and no, moments with their offset.
    fields = _fields(_safe) | {
        "hidden": "CASE WHEN h.hidden THEN 'yes' ELSE 'no' END",
        "recorded_at": """to_char(o.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')""",
    }
    query = f"WITH {_tables(_safe)} SELECT {_select(fields)} {_from('outcomes_observation o')} WHERE {where}"
    with connection.cursor() as cursor:
        query = cursor.mogrify(query, {**parameters, "dangerous": list(dangerous)})
    return f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER, ENCODING 'UTF8')"


def _fields(text: Text) -> dict[str, str]:
    """Each column's name and the SQL of its value."""
    number = "CASE WHEN h.hidden OR o.value IS NULL THEN NULL ELSE o.{name}::float8 END"
    return {
        "id": "o.id::text",
        "measure": "m.slug",
        "measure_name": "m.name",
        "unit": "m.unit",
        "place_id": "o.place_id::text",
        "place_code": "p.code",
        "place_name": "p.name",
        "organisation_id": "o.organisation_id::text",
        "organisation_name": "partner.name",
        "group_dimension": "g.dimension_text",
        "group_name": "g.name",
        "period_start": "o.period_start",
        "period_end": "o.period_end",
        "period_label": text("o.period_label"),
        **{
            name: number.format(name=name) for name in ("value", "lower", "upper", "numerator", "denominator")
        },
        "hidden": "h.hidden",
        "marker": f"CASE WHEN h.hidden THEN '{Marker.CONFIDENTIAL.value}' ELSE o.marker END",
        "status": "o.status",
        "source": f"CASE WHEN o.source = '' THEN m.source ELSE {text('o.source')} END",
        "recorded_at": "o.recorded_at",
    }


def _tables(text: Text, *, only: str = "", only_partners: str = "", only_areas: str = "") -> str:
    """What the rows are joined with: measures, places, partners, groups, and the cells that have a hidden part.

    Texts are made safe here, once, and not again in each row that has them.
    """
    kept = "NOT MATERIALIZED" if text is _as_it_is else "MATERIALIZED"
    return f"""m AS {kept} (
            SELECT id, hide_below, {text("slug")} AS slug, {text("name")} AS name, {text("unit")} AS unit,
                {text("source")} AS source
            FROM outcomes_measure WHERE id = ANY(%(measures)s)
        ), p AS {kept} (
            SELECT id, code, {text("name")} AS name, {_AREA} AS area_id, above_id
            FROM partnerships_place LEFT JOIN (
                SELECT id AS up_id, {_AREA} AS above_id FROM partnerships_place
            ) up ON up_id = {_AREA}
        ), g AS {kept} (
            SELECT id, dimension, {text("dimension")} AS dimension_text, {text("name")} AS name
            FROM outcomes_group WHERE partnership_id = %(partnership)s
        ), partner AS {kept} (
            SELECT id, {text("name")} AS name FROM partnerships_organisation
        ), shut_partners AS (
            SELECT DISTINCT {_CELL.format(row="part")}, part.group_id
            FROM outcomes_observation part
            JOIN m ON m.id = part.measure_id AND m.hide_below IS NOT NULL
            WHERE part.organisation_id IS NOT NULL AND {_KNOWN.format(row="part")} AND {hidden_sql("part", "m")} {only_partners}
        ), shut AS (
            SELECT {_CELL.format(row="part")},
                bool_or(part.group_id IS NULL) AS in_total, array_agg(g.dimension) AS dimensions
            FROM outcomes_observation part
            JOIN m ON m.id = part.measure_id AND m.hide_below IS NOT NULL
            LEFT JOIN g ON g.id = part.group_id
            WHERE EXISTS (SELECT 1 FROM g) AND {_KNOWN.format(row="part")} AND {hidden_sql("part", "m")} {only}
            GROUP BY {_CELL.format(row="part")}
        ), shut_areas AS (
            SELECT part.measure_id, area.id AS area_id, part.period_start, part.period_end,
                bool_or(part.group_id IS NULL) AS in_total, array_agg(g.dimension) AS dimensions
            FROM outcomes_observation part
            JOIN m ON m.id = part.measure_id AND m.hide_below IS NOT NULL
            JOIN p ON p.id = part.place_id
            CROSS JOIN LATERAL (VALUES (p.area_id), (p.id)) AS area (id)
            LEFT JOIN g ON g.id = part.group_id
            WHERE area.id IS NOT NULL AND {_KNOWN.format(row="part")} AND {hidden_sql("part", "m")} {only_areas}
            GROUP BY part.measure_id, area.id, part.period_start, part.period_end
        )"""


def _from(rows: str) -> str:
    """The rows with all that belongs to each. OFFSET 0 keeps the rule from being worked out anew for each column."""
    return f"""FROM {rows}
        JOIN m ON m.id = o.measure_id
        JOIN p ON p.id = o.place_id
        LEFT JOIN partner ON partner.id = o.organisation_id
        LEFT JOIN g ON g.id = o.group_id
        LEFT JOIN shut_partners sp ON o.organisation_id IS NOT NULL AND sp.measure_id = o.measure_id
            AND sp.place_id = o.place_id AND sp.period_start = o.period_start AND sp.period_end = o.period_end
            AND sp.group_id IS NOT DISTINCT FROM o.group_id
        LEFT JOIN shut ON o.group_id IS NOT NULL AND shut.measure_id = o.measure_id AND shut.place_id = o.place_id
            AND shut.period_start = o.period_start AND shut.period_end = o.period_end
        LEFT JOIN shut_areas sa ON m.hide_below IS NOT NULL AND sa.measure_id = o.measure_id
            AND sa.area_id = p.area_id AND sa.period_start = o.period_start AND sa.period_end = o.period_end
        LEFT JOIN shut_areas sb ON m.hide_below IS NOT NULL AND sb.measure_id = o.measure_id
            AND sb.area_id = p.above_id AND sb.period_start = o.period_start AND sb.period_end = o.period_end
        CROSS JOIN LATERAL (SELECT {hidden_sql("o", "m")}
            OR (o.value IS NOT NULL AND (
                coalesce(sa.in_total OR g.dimension = ANY(sa.dimensions), false)
                OR coalesce(sb.in_total OR g.dimension = ANY(sb.dimensions), false)
            ))
            OR (sp.measure_id IS NOT NULL AND o.value IS NOT NULL)
            OR coalesce(shut.in_total OR g.dimension = ANY(shut.dimensions), false) AS hidden OFFSET 0) h"""


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The condition on the rows `o`, and the values of its parameters."""
    conditions = {
        "place_ids": "o.place_id = ALL(%(place_ids)s)",
        "starts_on": "o.period_start >= %(starts_on)s",
        "ends_on": "o.period_end <= %(ends_on)s",
        "recorded_since": "o.recorded_at >= %(recorded_since)s",
    }
    asked = {name: getattr(wanted, name) for name in conditions if getattr(wanted, name)}
    asked = {name: list(value) if name == "place_ids" else value for name, value in asked.items()}
    always = (
        "o.partnership_id = %(partnership)s",
        "o.measure_id = ANY(%(measures)s)",
        _KNOWN.format(row="o"),
    )
    parameters = {
        "partnership": wanted.partnership.pk,
        "measures": list(wanted.measure_ids),
        "as_of": wanted.as_of,
        **asked,
    }
    return " AND ".join([*always, *(conditions[name] for name in asked)]), parameters


def _select(fields: dict[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in fields.items())


def _as_it_is(column: str) -> str:
    return column


def _safe(column: str) -> str:
    """A text that no spreadsheet takes for a formula; plain numbers are left as they are."""
    return (
        f"CASE WHEN left({column}, 1) = ANY(%(dangerous)s) AND {column} !~ '^[-+]?[0-9]+([.][0-9]+)?$' "
        f"THEN '''' || {column} ELSE {column} END"
    )
