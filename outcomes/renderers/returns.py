"""How a return reads: its figures in words with the last ones beside them, and its steps."""

from __future__ import annotations

from typing import Any

from config.words import moment_words
from outcomes.models import Measure, Return, ReturnStatus, ReturnStep
from outcomes.queries.returns import Grid, is_overdue
from outcomes.queries.series import HIDDEN_TEXT, MARKER_TEXT, is_hidden, words_for
from outcomes.queries.units import scale_of
from outcomes.statistics.return_checks import Asked, CellKey, Cells, Said, Shape

TONES = {
    ReturnStatus.OWED: "yellow",
    ReturnStatus.SUBMITTED: "blue",
    ReturnStatus.SENT_BACK: "orange",
    ReturnStatus.ACCEPTED: "green",
    ReturnStatus.NOT_NEEDED: "grey",
}


def status_tag(found: Return) -> dict[str, str]:
    """The status as a tag, overdue said in words."""
    if is_overdue(found):
        words = "Overdue" if found.status == ReturnStatus.OWED else "Sent back, overdue"
        return {"text": words, "tone": "red"}
    return {"text": found.get_status_display(), "tone": TONES[ReturnStatus(found.status)]}


def said_words(measure: Measure, line: Asked, said: Said | None) -> str:
    """What a cell says; empty where it says nothing."""
    if said is None or said.is_empty:
        return ""
    if said.marker:
        return MARKER_TEXT.get(said.marker, "Not available")
    if line.shape is Shape.PAIR:
        of = f"{_plain(said.numerator)} of {_plain(said.denominator)}"
        if not said.denominator:
            return of
        value = float(scale_of(measure) * said.numerator / said.denominator)  # type: ignore[operator]
        return f"{words_for(measure, value)} ({of})"
    text = words_for(measure, float(said.value))  # type: ignore[arg-type]
    return f"{text} (of {_plain(said.denominator)})" if line.shape is Shape.MEAN else text


def _plain(number: Any) -> str:
    return "" if number is None else f"{number.normalize():,f}"


def figures_table(grid: Grid, *, hide: bool) -> dict[str, Any]:
    """The figures as a table, one row a cell, totals first, with what was sent last beside them.

    `hide` is for readers who neither fill it in nor accept it: small counts are hidden, and with one group its siblings.
    """
    now, before = (shut(grid, cells) if hide else {} for cells in (grid.said, grid.before))
    rows = []
    for measure, line in zip(grid.measures, grid.asked, strict=True):
        for group in (None, *line.groups):
            key = (measure.pk, group)
            if group is not None and key not in grid.said and key not in grid.before:
                continue
            cell = grid.cells.get(key)
            rows.append(
                [
                    {"text": line.name if group is None else f"– {line.groups[group]}", "header": True},
                    {
                        "text": now.get(key)
                        or said_words(measure, line, grid.said.get(key))
                        or "Not filled in"
                    },
                    {"text": before.get(key) or said_words(measure, line, grid.before.get(key)) or "–"},
                    {"text": cell.explanation if cell and not hide else ""},
                ]
            )
    columns = [
        {"label": "Measure"},
        {"label": str(grid.found.period), "numeric": True},
        {"label": f"{grid.last.period} (last)" if grid.last else "Last time", "numeric": True},
        {"label": "Explained", "wide": True},
    ]
    # A column that would be empty from top to bottom is left out.
    kept = 4 if any(row[3]["text"] for row in rows) else 3
    return {
        "id": "figures",
        "caption": "Figures",
        "columns": columns[:kept],
        "rows": [row[:kept] for row in rows],
    }


def shut(grid: Grid, cells: Cells) -> dict[CellKey, str]:
    """The cells that a reader may not see. One hidden group shuts all, since it could be worked out from the others."""
    found: dict[CellKey, str] = {}
    for measure, line in zip(grid.measures, grid.asked, strict=True):
        small = []
        for group in (None, *line.groups):
            said = cells.get((measure.pk, group))
            if said is not None and said_is_hidden(measure, said):
                small.append(group)
        if small:
            groups = [None, *line.groups] if None in small else list(line.groups)
            found |= {(measure.pk, group): HIDDEN_TEXT for group in groups if (measure.pk, group) in cells}
    return found


def said_is_hidden(measure: Measure, said: Said) -> bool:
    numerator = None if said.numerator is None else float(said.numerator)
    value = None if said.value is None else float(said.value)
    if numerator is None and said.denominator is not None:
        numerator = float(said.denominator)  # A mean of few people says as much as their count.
    return is_hidden(measure, value, numerator, said.marker)


def steps_timeline(steps: list[ReturnStep]) -> list[dict[str, Any]]:
    return [
        {
            "when": moment_words(step.at),
            "when_iso": step.at.isoformat(),
            "title": f"{_STEPS[ReturnStatus(step.status)]}{f' by {step.by.name}' if step.by else ''}",
            "text": step.comment,
        }
        for step in steps
    ]


_STEPS = {
    ReturnStatus.OWED: "Opened again",
    ReturnStatus.SUBMITTED: "Sent",
    ReturnStatus.SENT_BACK: "Sent back",
    ReturnStatus.ACCEPTED: "Accepted",
    ReturnStatus.NOT_NEEDED: "Called not needed",
}
