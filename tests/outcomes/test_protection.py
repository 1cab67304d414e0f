"""What is hidden beside a hidden place, wherever its figures leave: parts, the main place, similar ones; and at what price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.observations import NewObservation, record_observations
from outcomes.models import Observation
from outcomes.queries.beside import beside_similar, parts_beside, protected, series_of_places
from outcomes.queries.dashboard import dashboard
from outcomes.queries.outcomes import measures_of
from outcomes.queries.protection import Cell, to_hide
from outcomes.queries.readings import readings_for
from partnerships.models import Place, PlaceKind
from tests.outcomes.groups_world import measure_of, neighbourhood, told

END = date(2025, 3, 31)


def counted(world, name="Children"):
    return measure_of(world, name=name, unit="children", decimals=0, rule="sum", hide_below=5)


def test_a_small_place_that_partners_made_gets_a_companion(world):
    measure = counted(world)
    told(world, measure, 2024, [(None, 100, None, None)])
    total = measure.observations.get()
    parts = {neighbourhood(world, name): count for name, count in (("Elm", 60), ("Oak", 37), ("Ash", 3))}
    rows = [
        NewObservation(
            place=place,
            organisation=world.organisation,
            period_start=total.period_start,
            period_end=total.period_end,
            period_label=total.period_label,
            value=Decimal(count),
        )
        for place, count in parts.items()
    ]
    record_observations(measure=measure, rows=rows, by=world.officer)
    listed = parts_beside(measure, world.place, as_of=timezone.now(), period_end=END)
    assert {one.place.name: one.figure.text for one in listed} == {
        "Elm": "60 children",
        "Oak": "Hidden",
        "Ash": "Hidden",
    }


def test_where_no_count_is_known_all_are_companions():
    cells = {"a": Cell(None, True), "b": Cell(None, False), "c": Cell(None, False)}
    assert to_hide(cells, threshold=5, total_hidden=False) == {"a", "b", "c"}


def test_parts_of_a_total_that_came_hidden_are_hidden(world):
    measure = counted(world)
    told(world, measure, 2024, [(None, None, None, None), *((neighbourhood(world, name), 20, None, None) for name in ("Elm", "Oak"))])  # fmt: skip
    Observation.objects.filter(place=world.place).update(marker="c")
    listed = parts_beside(measure, world.place, as_of=timezone.now(), period_end=END)
    assert [one.figure.text for one in listed] == ["Hidden", "Hidden"]


@pytest.fixture
def two_tiers(world):
    """Our place within a combined authority beside one with two children: the smaller of the others protects it."""
    measure = counted(world)
    above = Place.objects.create(
        name="Above", kind=PlaceKind.COMBINED_AUTHORITY, code="E47999999", is_fictional=True
    )
    Place.objects.filter(pk=world.place.pk).update(combined_authority=above)
    world.place.refresh_from_db()
    small, large = (
        Place.objects.create(
            name=name, kind=PlaceKind.LOCAL_AUTHORITY, code=code, combined_authority=above, is_fictional=True
        )
        for name, code in (("Small", "E08999998"), ("Large", "E08999997"))
    )
    elm, oak = neighbourhood(world, "Elm"), neighbourhood(world, "Oak")
    counts = {above: 79, None: 25, small: 2, large: 52, elm: 15, oak: 10}
    told(world, measure, 2024, [(place, count, None, None) for place, count in counts.items()])
    told(world, measure, 2023, [(None, 24, None, None), (small, 7, None, None), (large, 50, None, None)])
    return measure, small, large


def test_the_main_place_is_hidden_where_it_protects_its_neighbour(world, two_tiers, as_):
    measure, _, large = two_tiers
    now = timezone.now()
    (on_board,) = dashboard(world.partnership, as_of=now, viewer=world.chair).readings
    assert [figure.text for figure in on_board.series.figures] == ["24 children", "Hidden"]
    (of_outcome,) = measures_of(measure.outcome, world.place, as_of=now).secondary
    assert of_outcome.latest.text == "Hidden"
    page = reverse("measure", args=[world.partnership.slug, measure.slug])
    html = as_("chair").get(page).content.decode()
    assert "24 children" in html
    assert "25 children" not in html
    assert (
        b",25"
        not in as_("chair").get(reverse("measure-data", args=[world.partnership.slug, measure.slug])).content
    )
    # What lies within it would add up to it.
    listed = parts_beside(measure, world.place, as_of=now, period_end=END)
    assert {one.figure.text for one in listed} == {"Hidden"}
    assert series_of_places(measure, [large], as_of=now)[0].series.latest.text == "52 children"


def test_a_similar_place_is_protected_as_in_other_lists(world, two_tiers, monkeypatch):
    measure, small, large = two_tiers
    told(world, measure, 2024, [(large, 12, None, None)])
    monkeypatch.setattr("outcomes.queries.beside.similar_places", lambda place: [small, large])
    (reading,) = protected(
        readings_for([measure], world.place, as_of=timezone.now()).values(), as_of=timezone.now()
    )
    beside = beside_similar(reading, as_of=timezone.now())
    assert {one.place.name: one.figure.text for one in beside} == {
        "Testborough": "25 children",
        "Small": "Hidden",
        "Large": "Hidden",
    }


def test_neighbours_are_asked_about_for_all_measures_at_once(world, two_tiers):
    def asked():
        with CaptureQueriesContext(connection) as context:
            dashboard(world.partnership, as_of=timezone.now(), viewer=world.chair)
        return len(context)

    _, small, large = two_tiers
    one = asked()
    for n in range(3):
        more = counted(world, f"Children {n}")
        told(world, more, 2024, [(None, 25, None, None), (small, 2, None, None), (large, 52, None, None)])
    assert asked() == one <= 12
