"""Where a measure's figures come from: each period's rows with the partner, the return, and who entered them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from outcomes.models import Marker, Measure, Observation
from outcomes.queries.series import HIDDEN_TEXT, MARKER_TEXT, Series, is_hidden, words_for
from partnerships.models import Place

PERIODS = 12


@dataclass(frozen=True, slots=True)
class Origin:
    """One row behind a figure. `who` is a partner, or empty for the whole place."""

    who: str
    text: str
    return_id: int | None
    batch_id: int | None
    entered_by: str
    entered_at: datetime
    source: str
    note: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class PeriodOrigins:
    """A period's figure, what it is made of, and who is missing in it."""

    label: str
    text: str
    note: str
    rows: tuple[Origin, ...]


def origins_of(measure: Measure, place: Place, series: Series, *, as_of: datetime) -> list[PeriodOrigins]:
    """The newest periods of a series, newest first, each opened to its rows: one query.

    Where a measure hides small counts and one partner's part is hidden, all are, since it could be worked out from the others.
    """
    figures = series.figures[-PERIODS:]
    if not figures:
        return []
    known = (
        Observation.objects.filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=as_of),
            measure=measure,
            place=place,
            group__isnull=True,
            recorded_at__lte=as_of,
            period_end__gte=figures[0].period_end,
        )
        .select_related("organisation", "recorded_by")
        .order_by("organisation__name", "pk")
    )
    rows: dict[tuple, list[Observation]] = {}
    for row in known:
        rows.setdefault((row.period_start, row.period_end), []).append(row)
    return [
        PeriodOrigins(
            figure.period_label,
            figure.text,
            figure.note,
            _origins(measure, rows.get((figure.period_start, figure.period_end), []), figure.hidden),
        )
        for figure in reversed(figures)
    ]


def _origins(measure: Measure, rows: list[Observation], is_shut: bool) -> tuple[Origin, ...]:
    """`is_shut` says that the figure is hidden, be it to protect another: then so is all that it is made of."""
    whole = [row for row in rows if row.organisation_id is None]
    parts = [row for row in rows if row.organisation_id is not None]
    shut = is_shut or any(_hidden(measure, row) for row in parts)
    return tuple(
        _origin(measure, row, (is_shut and row.value is not None) or _hidden(measure, row)) for row in whole
    ) + tuple(_origin(measure, row, shut and row.value is not None) for row in parts)


def _hidden(measure: Measure, row: Observation) -> bool:
    value, numerator = (None if n is None else float(n) for n in (row.value, row.numerator))
    return is_hidden(measure, value, numerator, row.marker)


def _origin(measure: Measure, row: Observation, hidden: bool) -> Origin:
    if hidden:
        text = HIDDEN_TEXT
    elif row.value is None:
        text = MARKER_TEXT.get(Marker(row.marker), "Not available")
    else:
        text = words_for(measure, float(row.value))
    return Origin(
        who=row.organisation.name if row.organisation else "",
        text=text,
        return_id=row.returned_in_id,
        batch_id=row.batch_id,
        entered_by=row.recorded_by.name if row.recorded_by else "",
        entered_at=row.recorded_at,
        source=row.source,
        note="" if hidden else row.note,
        provisional=row.status == "provisional",
    )
