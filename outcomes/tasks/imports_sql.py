"""The statements of an import: what an uploaded row would change, what a batch writes, and what undoing it restores."""
# ruff: noqa: S608 - every statement is put together from constants of this file

from __future__ import annotations

from outcomes.imports.mapping import Mapping

NULL = r"\N"

# Each table goes with its transaction; two imports in one transaction each begin with tables of their own.
DROP_CHECKING = "DROP TABLE IF EXISTS pg_temp.incoming, pg_temp.crowded, pg_temp.ending"
DROP_WRITING = "DROP TABLE IF EXISTS pg_temp.writing, pg_temp.grouped"
DROP_UNDOING = "DROP TABLE IF EXISTS pg_temp.written, pg_temp.undoing"

CREATE_INCOMING = """
CREATE TEMP TABLE incoming (
    row_number integer, "column" text, place_id bigint, group_id bigint, period_start date, period_end date, period_label text,
    value numeric(18, 6), numerator numeric(18, 3), denominator numeric(18, 3), lower numeric(18, 6), upper numeric(18, 6),
    marker text, status text, refusal text, note text, as_written jsonb
) ON COMMIT DROP
"""
COPY_INCOMING = "COPY incoming FROM STDIN"

# What a row says, with which two rows for one place and period are compared.
_SAID = "value, marker, numerator, denominator, lower, upper, status"

# Places, groups and periods that the file names more than once. Where a place's own code is among them, rows that were led there from
# an old code give way; otherwise two old codes are two parts of one place, and parts cannot be added up.
FIND_CROWDED = f"""
CREATE TEMP TABLE crowded ON COMMIT DROP AS
WITH cells AS (
    SELECT place_id, group_id, period_start, period_end FROM incoming WHERE refusal = ''
    GROUP BY place_id, group_id, period_start, period_end HAVING count(*) > 1
)
SELECT place_id, group_id, period_start, period_end,
    count(*) FILTER (WHERE note = '') AS own,
    coalesce(min(row_number) FILTER (WHERE note = ''), min(row_number)) AS first_row,
    (array_agg("column" ORDER BY note <> '', row_number, "column"))[1] AS first_column,
    coalesce(max(row_number) FILTER (WHERE note = ''), max(row_number)) AS last_row,
    CASE WHEN count(*) FILTER (WHERE note = '') > 0
        THEN count(DISTINCT ROW({_SAID})) FILTER (WHERE note = '')
        ELSE count(DISTINCT ROW({_SAID}, note))
    END AS kinds,
    count(DISTINCT note) FILTER (WHERE note <> '') AS old_codes
FROM incoming JOIN cells USING (place_id, group_id, period_start, period_end)
WHERE refusal = ''
GROUP BY place_id, group_id, period_start, period_end
"""

# A cell without a figure leaves its day to another period: `outcomes.actions.observations` says the same of what is recorded.
_SAYS_SOMETHING = "{row}.marker NOT IN ('x', 'z')"
# The days on which more than one period ends for a place and a group, of what stands and of the file: a series has one point a
# day. What stands comes first, then what fits the measure's frequency best, then what began latest.
FIND_ENDING = f"""
CREATE TEMP TABLE ending ON COMMIT DROP AS
WITH cells AS (
    SELECT place_id, group_id, period_end, period_start, period_label, FALSE AS stands FROM incoming
    WHERE refusal = '' AND {_SAYS_SOMETHING.format(row="incoming")}
    UNION ALL
    SELECT place_id, coalesce(group_id, 0), period_end, period_start, period_label, TRUE FROM outcomes_observation o
    WHERE measure_id = %(measure)s AND organisation_id IS NULL AND superseded_at IS NULL AND {_SAYS_SOMETHING.format(row="o")}
), days AS (
    SELECT place_id, group_id, period_end FROM cells
    GROUP BY place_id, group_id, period_end HAVING min(period_start) <> max(period_start)
)
SELECT DISTINCT ON (place_id, group_id, period_end) place_id, group_id, period_end, period_start AS kept, period_label AS label, stands,
    array_agg(period_start) FILTER (WHERE stands) OVER (PARTITION BY place_id, group_id, period_end) AS standing
FROM cells JOIN days USING (place_id, group_id, period_end)
ORDER BY place_id, group_id, period_end, stands DESC,
    abs(period_end - period_start + 1 - %(usual_days)s::integer) NULLS FIRST, period_start DESC
"""
# A figure that stands may be corrected, whatever else ends on its day.
REFUSE_ENDING = f"""
UPDATE incoming i SET refusal = 'ends_together', note =
    'Ends on the same day as ' || e.label || ', for which ' ||
    CASE WHEN e.stands THEN 'a figure stands here already' ELSE 'this file has a figure too' END || '.'
FROM ending e
WHERE i.refusal = '' AND {_SAYS_SOMETHING.format(row="i")}
    AND e.place_id = i.place_id AND e.group_id = i.group_id AND e.period_end = i.period_end
    AND i.period_start <> e.kept AND i.period_start <> ALL (coalesce(e.standing, '{{}}'))
"""

# Everybody is the group 0 in here: unlike NULL, numbers can be joined on.
_STANDING = """
    o.measure_id = %(measure)s AND o.place_id = {row}.place_id AND coalesce(o.group_id, 0) = {row}.of_group
    AND o.organisation_id IS NULL
    AND o.period_start = {row}.period_start AND o.period_end = {row}.period_end AND o.superseded_at IS NULL
"""
# A file without a column for the numerator, say, has no opinion about it: the same value again changes nothing.
_DIFFERS = """(
    o.value IS DISTINCT FROM {row}.value OR o.marker <> {row}.marker OR o.status <> {row}.status
    OR (%(numerator)s AND o.numerator IS DISTINCT FROM {row}.numerator)
    OR (%(denominator)s AND o.denominator IS DISTINCT FROM {row}.denominator)
    OR (%(lower)s AND o.lower IS DISTINCT FROM {row}.lower)
    OR (%(upper)s AND o.upper IS DISTINCT FROM {row}.upper)
)"""

DELETE_STAGED = "DELETE FROM outcomes_stagedrow WHERE batch_id = %(batch)s"
DELETE_STAGED_BUT_REFUSED = DELETE_STAGED + " AND verdict <> 'refused'"
COUNT_STAGED = """
SELECT coalesce(group_id, 0), verdict, count(*) FROM outcomes_stagedrow WHERE batch_id = %(batch)s GROUP BY 1, 2
"""

INSERT_STAGED = f"""
WITH judged AS (
    SELECT i.*, i.group_id AS of_group,
        CASE
            WHEN i.refusal <> '' THEN i.refusal
            WHEN c.place_id IS NULL THEN ''
            WHEN c.own > 0 AND i.note <> '' THEN 'place_merged'
            WHEN c.kinds > 1 THEN CASE WHEN c.own = 0 AND c.old_codes > 1 THEN 'place_merged' ELSE 'differs' END
            ELSE ''
        END AS refused_as,
        CASE
            WHEN i.refusal <> '' OR c.place_id IS NULL THEN i.note
            WHEN c.own > 0 AND i.note <> '' THEN
                i.note || ' Row ' || c.first_row || ' gives that place''s own figure for ' || i.period_label || '.'
            WHEN c.kinds > 1 AND c.own = 0 AND c.old_codes > 1 THEN
                i.note || ' So is another place of this file, and their figures for ' || i.period_label || ' cannot be added up.'
            WHEN c.kinds > 1 AND c.first_row = c.last_row THEN
                'Another column gives another figure for the same place and ' || i.period_label || '.'
            WHEN c.kinds > 1 THEN
                'Row ' || CASE WHEN c.first_row = i.row_number THEN c.last_row ELSE c.first_row END
                || ' gives another figure for the same place and ' || i.period_label || '.'
            WHEN (i.row_number, i."column") <> (c.first_row, c.first_column) THEN 'Says the same as row ' || c.first_row || '.'
            ELSE i.note
        END AS said_why,
        CASE WHEN c.kinds = 1 AND (i.row_number, i."column") <> (c.first_row, c.first_column) THEN c.first_row END AS repeats
    FROM incoming i
    LEFT JOIN crowded c ON i.refusal = '' AND c.place_id = i.place_id AND c.group_id = i.group_id
        AND c.period_start = i.period_start AND c.period_end = i.period_end
)
INSERT INTO outcomes_stagedrow (
    partnership_id, batch_id, row_number, "column", place_id, group_id, period_start, period_end, period_label,
    value, numerator, denominator, lower, upper, marker, status, verdict, refusal, repeats, reason, as_written
)
SELECT %(partnership)s, %(batch)s, j.row_number, j."column", j.place_id, nullif(j.of_group, 0), j.period_start, j.period_end, j.period_label,
    j.value, j.numerator, j.denominator, j.lower, j.upper, j.marker, j.status,
    CASE
        WHEN j.refused_as <> '' THEN 'refused'
        WHEN j.repeats IS NOT NULL THEN 'unchanged'
        WHEN o.id IS NULL THEN 'new'
        WHEN {_DIFFERS.format(row="j")} THEN 'changed'
        ELSE 'unchanged'
    END,
    j.refused_as, CASE WHEN j.refused_as = '' THEN j.repeats END, left(j.said_why, 500), j.as_written
FROM judged j
LEFT JOIN outcomes_observation o ON j.refused_as = '' AND {_STANDING.format(row="j")}
"""

# What is written is worked out again under the lock: somebody may have recorded a figure since the preview.
CREATE_GROUPED = """
CREATE TEMP TABLE grouped ON COMMIT DROP AS
SELECT * FROM unnest(%(numbers)s::bigint[], %(groups)s::bigint[]) AS pair (number, of_group)
"""
FIND_WRITING = f"""
CREATE TEMP TABLE writing ON COMMIT DROP AS
WITH s AS (
    SELECT staged.*, coalesce(grouped.of_group, 0) AS of_group
    FROM outcomes_stagedrow staged LEFT JOIN grouped ON grouped.number = staged.group_id
    WHERE batch_id = %(batch)s AND verdict <> 'refused' AND repeats IS NULL
)
SELECT s.*, o.id AS standing, o.recorded_at AS standing_since
FROM s LEFT JOIN outcomes_observation o ON {_STANDING.format(row="s")}
WHERE (o.id IS NULL OR {_DIFFERS.format(row="s")})
"""
# A period of which nobody had told when the file was checked may by now end on the day of another.
COUNT_ENDING = f"""
SELECT count(*) FROM writing w
JOIN outcomes_observation other ON other.measure_id = %(measure)s AND other.place_id = w.place_id
    AND coalesce(other.group_id, 0) = w.of_group AND other.organisation_id IS NULL AND other.superseded_at IS NULL
    AND other.period_end = w.period_end AND other.period_start <> w.period_start AND {_SAYS_SOMETHING.format(row="other")}
LEFT JOIN outcomes_observation own ON own.id = w.standing AND {_SAYS_SOMETHING.format(row="own")}
WHERE own.id IS NULL AND {_SAYS_SOMETHING.format(row="w")}
"""
COUNT_WRITING = "SELECT count(*) FILTER (WHERE standing IS NULL), count(standing) FROM writing"
# One moment for the whole batch, and later than anything it supersedes even where two machines' clocks differ.
MOMENT = "SELECT greatest(clock_timestamp(), max(standing_since) + interval '1 microsecond') FROM writing"
SUPERSEDE_WRITING = """
UPDATE outcomes_observation o SET superseded_at = %(moment)s FROM writing w WHERE o.id = w.standing
"""
_KEY = "partnership_id, measure_id, place_id, group_id, period_start, period_end, period_label"
_REST = "value, numerator, denominator, lower, upper, marker, status, note, source, batch_id"
# A place's figures lie together, in the order in which a dashboard reads them.
INSERT_WRITING = f"""
INSERT INTO outcomes_observation ({_KEY}, {_REST}, recorded_by_id, recorded_at)
SELECT partnership_id, %(measure)s, place_id, nullif(of_group, 0), period_start, period_end, period_label,
    value, numerator, denominator, lower, upper, marker, status, reason, %(source)s, %(batch)s, %(by)s, %(moment)s
FROM writing ORDER BY place_id, of_group, period_end
"""

# What the batch wrote; then what stands in those cells now, and what the batch had superseded. Two steps, so that the second is
# planned with the true number of rows.
FIND_WRITTEN = """
CREATE TEMP TABLE written ON COMMIT DROP AS
SELECT place_id, coalesce(group_id, 0) AS of_group, period_start, period_end FROM outcomes_observation
WHERE batch_id = %(batch)s AND recorded_at = %(saved_at)s
"""
FIND_UNDOING = f"""
CREATE TEMP TABLE undoing ON COMMIT DROP AS
SELECT o.id AS standing, o.recorded_at AS standing_since, coalesce(o.batch_id = %(batch)s, FALSE) AS is_ours, b.id AS before
FROM written w
LEFT JOIN outcomes_observation o ON {_STANDING.format(row="w")}
LEFT JOIN outcomes_observation b ON b.measure_id = %(measure)s AND b.place_id = w.place_id
    AND coalesce(b.group_id, 0) = w.of_group AND b.organisation_id IS NULL
    AND b.period_start = w.period_start AND b.period_end = w.period_end AND b.superseded_at = %(saved_at)s
"""
COUNT_UNDOING = "SELECT count(*) FILTER (WHERE is_ours), count(*) FILTER (WHERE NOT is_ours) FROM undoing"
UNDO_MOMENT = "SELECT greatest(clock_timestamp(), max(standing_since) + interval '1 microsecond') FROM undoing WHERE is_ours"
SUPERSEDE_UNDOING = """
UPDATE outcomes_observation o SET superseded_at = %(moment)s FROM undoing u WHERE o.id = u.standing AND u.is_ours
"""
RESTORE_BEFORE = f"""
INSERT INTO outcomes_observation ({_KEY}, {_REST}, recorded_by_id, recorded_at)
SELECT {", ".join(f"b.{name}" for name in f"{_KEY}, {_REST}".split(", "))}, %(by)s, %(moment)s
FROM undoing u JOIN outcomes_observation b ON b.id = u.before
WHERE u.is_ours
"""


def mapped(mapping: Mapping) -> dict[str, bool]:
    """Which of the optional numbers the file has a column for."""
    return {
        name: bool(getattr(mapping, f"{name}_column"))
        for name in ("numerator", "denominator", "lower", "upper")
    }
