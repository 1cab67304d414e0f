"""The grid of a return as its template takes it: sections of lines that have the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from outcomes.imports.returns import box_name, called, why_name
from outcomes.queries.returns import Grid
from outcomes.renderers.returns import said_words
from outcomes.statistics.return_checks import Finding


def sections(grid: Grid, form: Any, findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines that follow each other and are asked for in the same groups stand in one table."""
    pairs = list(zip(grid.measures, grid.asked, strict=True))
    found = []
    for index, (_, rows) in enumerate(groupby(pairs, key=lambda pair: tuple(pair[1].groups)), 1):
        lines = list(rows)
        first = lines[0][1]
        dimensions = [breakdown.dimension for breakdown in first.breakdowns]
        found.append(
            {
                "id": f"grid-{index}",
                "caption": f"In total, and by {_listed(dimensions)}" if dimensions else "In total",
                "columns": [
                    {"label": "Total", "dimension": ""},
                    *(
                        {"label": name, "dimension": breakdown.dimension}
                        for breakdown in first.breakdowns
                        for _, name in breakdown.groups
                    ),
                ],
                "lines": [_line(grid, measure, line, form, findings) for measure, line in lines],
            }
        )
    return found


def _line(
    grid: Grid, measure: Any, line: Any, form: Any, findings: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    mine = [finding for finding in findings if finding["measure"] == line.measure]
    whys = {finding["why"] for finding in mine if finding["why"]}
    last = said_words(measure, line, grid.before.get((line.measure, None)))
    explained = [
        form[name]
        for group in (None, *line.groups)
        if (name := why_name((line.measure, group))) in whys or form[name].value()
    ]
    return {
        "measure": line.measure,
        "name": line.name,
        "unit": line.unit,
        "hint": measure.definition,
        "last": f"{grid.last.period}: {last}" if last and grid.last else "",
        "cells": [
            {
                "label": "Total" if group is None else line.groups[group],
                "boxes": [
                    {"field": form[box_name(line.measure, group, box)], "part": called(line, box)}
                    for box in line.boxes
                ],
            }
            for group in (None, *line.groups)
        ],
        "findings": mine,
        "explained": explained,
    }


def _listed(words: Sequence[str]) -> str:
    lowered = [word[:1].lower() + word[1:] if not word[1:2].isupper() else word for word in words]
    return lowered[0] if len(lowered) == 1 else f"{', '.join(lowered[:-1])} and {lowered[-1]}"


def shown_findings(grid: Grid, findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings as the page and its script take them: where they belong, what they say, and what to answer."""
    names = {line.measure: line for line in grid.asked}
    return [
        {
            "measure": finding.measure,
            "box": box_name(finding.measure, finding.group, finding.box),
            "is_error": finding.is_error,
            "message": finding.message,
            "why": "" if finding.is_error else why_name(finding.cell),
            "why_label": f"Why is {names[finding.measure].name_of(finding.group)} right?",
        }
        for finding in findings
    ]
