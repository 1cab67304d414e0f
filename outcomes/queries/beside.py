"""Places side by side for one measure: the parts of a place, and those that somebody chose to compare.

Parts of a place add up to it, so a hidden count is protected with others, as groups' are, wherever a place's series leaves here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from outcomes.models import Measure, Observation
from outcomes.queries.protection import Cell, hide, to_hide
from outcomes.queries.readings import PlaceFigure, Reading, with_series
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

    One query of figures; where the measure hides small counts three more, whatever the number of places.
    """
    found = series_for([measure], [place.pk for place in places], as_of=as_of)
    series = {pk: one for (_, pk), one in found.items()}
    if measure.hide_below and series:
        series = _protected(measure, places, series, as_of)
    return [PlaceSeries(place, series[place.pk]) for place in places if place.pk in series]


def parts_beside(measure: Measure, place: Place, *, as_of: datetime, period_end: date) -> list[PlaceFigure]:
    """The direct parts of a place that have a figure for a period, such as a borough's neighbourhoods or wards."""
    parts = list(Place.objects.filter(_directly_in([place.pk]) & _with_figures(measure)).order_by("name"))
    if not parts:
        return []
    found = series_of_places(measure, parts, as_of=as_of)
    figures = [(one.place, one.series.at(period_end)) for one in found]
    return [PlaceFigure(part, figure, False) for part, figure in figures if figure is not None]


def _protected(
    measure: Measure, places: Collection[Place], series: dict[int, Series], as_of: datetime
) -> dict[int, Series]:
    """Each place's figures, hidden where it or one of those beside it within the same area must not be worked out."""
    areas = {found for place in places if (found := _area(place))}
    family = (
        Place.objects.filter(_directly_in(areas) & _with_figures(measure)) if areas else Place.objects.none()
    )
    area_of = {one.pk: _area(one) for one in family}
    wanted = {*area_of, *areas}
    everyone = {pk: one for (_, pk), one in series_for([measure], wanted, as_of=as_of).items()}
    counts = _counts(measure, area_of, as_of)
    shut: dict[int, set[Period]] = {}
    for area in areas:
        members = [pk for pk, above_it in area_of.items() if above_it == area and pk in everyone]
        total = {_period(f): f.hidden for f in everyone[area].figures} if area in everyone else {}
        for period in {_period(f) for pk in members for f in everyone[pk].figures}:
            cells = {
                pk: Cell(counts.get((pk, period)), f.hidden)
                for pk in members
                for f in everyone[pk].figures
                if _period(f) == period
            }
            for pk in to_hide(
                cells, threshold=measure.hide_below or 0, total_hidden=total.get(period, False)
            ):
                shut.setdefault(pk, set()).add(period)
    return {pk: hidden_in(one, shut.get(pk, set())) for pk, one in series.items()}


def _area(place: Place) -> int | None:
    """The id of what a place stands under in the tree (`partnerships.queries.places.above`)."""
    return place.upper_tier_id or place.combined_authority_id or place.parent_id


def hidden_in(series: Series, periods: Collection[Period]) -> Series:
    """The same series with the figures of some periods hidden."""
    if not periods:
        return series
    figures = tuple(hide(f) if _period(f) in periods else f for f in series.figures)
    return Series(series.measure_id, series.place_id, figures, series.as_of)


def _counts(measure: Measure, places: Iterable[int], as_of: datetime) -> dict[tuple[int, Period], float]:
    """The counts of people behind whole figures, which must not leave this module."""
    rows = Observation.objects.filter(
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=as_of),
        measure=measure,
        place__in=list(places),
        group__isnull=True,
        organisation__isnull=True,
        recorded_at__lte=as_of,
    ).values_list("place", "period_start", "period_end", "value", "numerator")
    return {
        (place, (start, end)): float(numerator if numerator is not None else value)
        for place, start, end, value, numerator in rows
        if numerator is not None or value is not None
    }


def _period(figure: Figure) -> Period:
    return figure.period_start, figure.period_end


def protected(reading: Reading, *, as_of: datetime) -> Reading:
    """The reading of a place within another, with what must be hidden beside its neighbours hidden, and judged without it."""
    measure = reading.measure
    if not measure.hide_below or not reading.series.figures:
        return reading
    series = series_of_places(measure, [reading.place], as_of=as_of)[0].series
    if not reading.until and tuple(series.figures) == tuple(reading.series.figures):
        return reading
    return with_series(reading, series)
