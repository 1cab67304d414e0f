"""Places side by side for one measure: the parts of a place, and those that somebody chose to compare.

Parts of a place add up to it, so a hidden count is protected with others, as groups' are, wherever a place's series leaves here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from outcomes.models import Measure, Observation
from outcomes.queries.protection import Cell, hide, to_hide
from outcomes.queries.readings import PlaceFigure, Reading, similar_places, with_series
from outcomes.queries.series import Figure, Series, series_for
from partnerships.models import Partnership, Place, PlaceKind
from partnerships.queries.places import covered_by

MOST_COMPARED = 6
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class PlaceSeries:
    """One place with its figures."""

    place: Place
    series: Series


def _directly_in(ids: Iterable[int]) -> Q:
    ids = list(ids)
    return Q(parent__in=ids) | Q(upper_tier__in=ids) | Q(combined_authority__in=ids)


def _with_figures(measure: Measure) -> Q:
    told = Observation.objects.filter(measure=measure, superseded_at__isnull=True, group__isnull=True)
    return Q(pk__in=told.values("place").distinct())


def place_choices(partnership: Partnership, measure: Measure) -> list[Place]:
    """The places that a measure's page may be about: the main one, what else is covered, and the parts of those with
    figures. Two queries."""
    covered = [one.place for one in covered_by(partnership)]
    ids = [place.pk for place in covered]
    inside = _directly_in(ids) | Q(parent__parent__in=ids)
    parts = Place.objects.filter(inside & _with_figures(measure)).exclude(pk__in=ids)
    return covered + list(parts.order_by("name"))


def comparable_places(measure: Measure) -> list[Place]:
    """Every place for which the partnership has figures of a measure: England first, then by name. One query."""
    found = Place.objects.filter(_with_figures(measure)).order_by("name")
    return sorted(found, key=lambda place: (place.kind != PlaceKind.NATION, place.name))


def series_of_places(measure: Measure, places: Collection[Place], *, as_of: datetime) -> list[PlaceSeries]:
    """The series of these places, in their order, protected; those without a figure are left out.

    One query of figures; where the measure hides small counts those of `_shut`, whatever the number of places.
    """
    found = series_for([measure], [place.pk for place in places], as_of=as_of)
    shut = _shut([measure], places, as_of)
    return [
        PlaceSeries(place, hidden_in(found[key], shut.get(key, ())))
        for place in places
        if (key := (measure.pk, place.pk)) in found
    ]


def parts_beside(measure: Measure, place: Place, *, as_of: datetime, period_end: date) -> list[PlaceFigure]:
    """The direct parts of a place that have a figure for a period, such as a borough's neighbourhoods or wards."""
    parts = list(Place.objects.filter(_directly_in([place.pk]) & _with_figures(measure)).order_by("name"))
    if not parts:
        return []
    found = series_of_places(measure, parts, as_of=as_of)
    figures = [(one.place, one.series.at(period_end)) for one in found]
    return [PlaceFigure(part, figure, False) for part, figure in figures if figure is not None]


def beside_similar(reading: Reading, *, as_of: datetime) -> list[PlaceFigure]:
    """This place and the similar ones that have a figure for the same period; empty where none has."""
    if reading.latest is None:
        return []
    found = series_of_places(reading.measure, similar_places(reading.place), as_of=as_of)
    figures = [(one.place, one.series.at(reading.latest.period_end)) for one in found]
    beside = [PlaceFigure(place, figure, False) for place, figure in figures if figure is not None]
    return [PlaceFigure(reading.place, reading.latest, True), *beside] if beside else []


def protected(readings: Collection[Reading], *, as_of: datetime) -> list[Reading]:
    """The readings of one place, with what must be hidden beside its neighbours hidden, and judged without it.

    The queries of `_shut` for all of them together; none where no measure hides small counts.
    """
    place = next((reading.place for reading in readings), None)
    if place is None:
        return []
    shut = _shut([reading.measure for reading in readings], [place], as_of)
    return [
        with_series(reading, hidden_in(reading.series, periods))
        if (periods := shut.get((reading.measure.pk, place.pk)))
        else reading
        for reading in readings
    ]


Shut = dict[tuple[int, int], set[Period]]


def _shut(measures: Collection[Measure], places: Collection[Place], as_of: datetime) -> Shut:
    """The periods in which a place must be hidden, by measure and place: for its own sake, for that of one beside it within the
    same area, or since the area itself is hidden.

    One query where nothing stands beside these places. Else three, those of folding, and as many for each level of areas above.
    """
    by_id = {measure.pk: measure for measure in measures if measure.hide_below}
    areas = {found for place in places if (found := _area(place))}
    if not by_id or not areas:
        return {}
    told = Observation.objects.filter(measure__in=by_id, superseded_at__isnull=True, group__isnull=True)
    rows = Place.objects.filter(_directly_in(areas) | Q(pk__in=areas), pk__in=told.values("place").distinct())
    known = {place.pk: place for place in rows}
    if len(known) < 2:
        return {}
    series = series_for(list(by_id.values()), known, as_of=as_of)
    counts = _counts(by_id, known, as_of)
    above = _shut(list(by_id.values()), [known[pk] for pk in areas if pk in known], as_of)
    shut: Shut = {}
    for area in areas:
        members = [pk for pk, place in known.items() if _area(place) == area]
        for pk, measure in by_id.items():
            hidden = set(above.get((pk, area), ()))
            if (pk, area) in series:
                hidden |= {_period(f) for f in series[pk, area].figures if f.hidden}
            for place, period in _hidden_among(measure, members, series, counts, hidden):
                shut.setdefault((pk, place), set()).add(period)
    return shut


def _hidden_among(
    measure: Measure,
    members: Iterable[int],
    series: Mapping[tuple[int, int], Series],
    counts: Mapping[tuple[int, int, Period], float],
    total_hidden: Collection[Period],
) -> Iterator[tuple[int, Period]]:
    """What must be hidden of the parts of one area, by place and period."""
    cells: dict[Period, dict[int, Cell]] = {}
    for place in members:
        for figure in series[measure.pk, place].figures if (measure.pk, place) in series else ():
            period = _period(figure)
            # What partners' parts make has no row of its own.
            made = figure.numerator if figure.numerator is not None else figure.value
            count = counts.get((measure.pk, place, period), made)
            cells.setdefault(period, {})[place] = Cell(count, figure.hidden)
    for period, told in cells.items():
        for place in to_hide(told, threshold=measure.hide_below or 0, total_hidden=period in total_hidden):
            yield place, period


def _area(place: Place) -> int | None:
    """The id of what a place stands under in the tree (`partnerships.queries.places.above`)."""
    return place.upper_tier_id or place.combined_authority_id or place.parent_id


def hidden_in(series: Series, periods: Collection[Period]) -> Series:
    """The same series with the figures of some periods hidden."""
    if not periods:
        return series
    figures = tuple(hide(f) if _period(f) in periods else f for f in series.figures)
    return Series(series.measure_id, series.place_id, figures, series.as_of)


def _counts(
    measures: Iterable[int], places: Iterable[int], as_of: datetime
) -> dict[tuple[int, int, Period], float]:
    """The counts of people behind whole figures, by measure, place and period, which must not leave this module."""
    rows = Observation.objects.filter(
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=as_of),
        measure__in=list(measures),
        place__in=list(places),
        group__isnull=True,
        organisation__isnull=True,
        recorded_at__lte=as_of,
    ).values_list("measure", "place", "period_start", "period_end", "value", "numerator")
    return {
        (measure, place, (start, end)): float(numerator if numerator is not None else value)
        for measure, place, start, end, value, numerator in rows
        if numerator is not None or value is not None
    }


def _period(figure: Figure) -> Period:
    return figure.period_start, figure.period_end
