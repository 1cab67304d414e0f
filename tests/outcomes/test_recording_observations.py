from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from outcomes.actions.observations import NewObservation, record_observation, record_observations
from outcomes.actions.setting_up import add_group, add_measure, add_outcome
from outcomes.models import Observation, ObservationStatus
from partnerships.errors import DomainError


@pytest.fixture
def measured(world):
    outcome = add_outcome(partnership=world.partnership, title="More people are active")
    fields = {"unit": "%", "direction": "up", "frequency": "month"}
    return SimpleNamespace(
        one=add_measure(outcome=outcome, name="One by one", **fields),
        many=add_measure(outcome=outcome, name="All at once", **fields),
        group=add_group(partnership=world.partnership, dimension="Sex", name="Women"),
        world=world,
    )


def cell(measured, month=1, value="50", **more):
    return {
        "place": measured.world.place,
        "period_start": date(2025, month, 1),
        "period_end": date(2025, month, 28),
        "period_label": f"Month {month}",
        "value": None if value is None else Decimal(value),
        **more,
    }


def told(measure):
    """All that is known and was known of a measure, without the moments."""
    names = (
        "place_id", "group_id", "period_start", "period_end", "period_label", "value", "marker", "numerator", "denominator",
        "lower", "upper", "status", "source", "note", "recorded_by_id",
    )  # fmt: skip
    rows = Observation.objects.filter(measure=measure).order_by(
        "period_start", "group_id", "recorded_at", "pk"
    )
    return [(row.superseded_at is None, *(getattr(row, name) for name in names)) for row in rows]


def test_many_at_once_leave_what_one_by_one_leaves(measured):
    said = [
        cell(measured, 1, "50.123456789", source="Survey"),
        cell(measured, 2, None, marker="x", note="System down"),
        cell(measured, 1, "51", group=measured.group, numerator=Decimal(51), denominator=Decimal(100)),
        cell(measured, 3, "0", marker="low"),
    ]
    later = [
        cell(measured, 1, "50.123456789", source="Said again"),
        cell(measured, 2, "48", status=ObservationStatus.REVISED, lower=Decimal(44), upper=Decimal(52)),
        cell(measured, 4, "47"),
    ]
    for rows in (said, later):
        for row in rows:
            record_observation(measure=measured.one, by=measured.world.officer, **row)
        record_observations(
            measure=measured.many, rows=[NewObservation(**row) for row in rows], by=measured.world.officer
        )
    assert told(measured.many) == told(measured.one)
    assert len(told(measured.one)) == 6


def test_saying_the_same_again_returns_what_stands(measured):
    first = record_observation(
        measure=measured.one, by=measured.world.officer, **cell(measured, 1, "50.1234567")
    )
    again = record_observation(
        measure=measured.one, by=measured.world.manager, **cell(measured, 1, "50.1234567")
    )
    assert again.pk == first.pk
    assert Observation.objects.count() == 1


def test_one_call_can_tell_a_figure_and_its_revision_in_any_order(measured):
    now = timezone.now()
    final = NewObservation(**cell(measured, 1, "52", recorded_at=now - timedelta(10)))
    first = NewObservation(
        **cell(measured, 1, "50", status=ObservationStatus.PROVISIONAL, recorded_at=now - timedelta(40))
    )
    stands = record_observations(measure=measured.many, rows=[final, first], by=None)
    assert [row.value for row in stands] == [52, 50]
    known = Observation.objects.order_by("recorded_at")
    assert known[0].superseded_at == known[1].recorded_at == now - timedelta(10)
    assert known[1].superseded_at is None


def test_a_moment_for_all_rows_closes_what_stood(measured):
    now = timezone.now()
    record_observations(
        measure=measured.many,
        rows=[NewObservation(**cell(measured))],
        by=None,
        recorded_at=now - timedelta(9),
    )
    record_observations(
        measure=measured.many,
        rows=[NewObservation(**cell(measured, 1, "60"))],
        by=None,
        recorded_at=now - timedelta(2),
    )
    old, new = Observation.objects.order_by("recorded_at")
    assert old.superseded_at == new.recorded_at == now - timedelta(2)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"period_end": date(2024, 1, 1)}, "period_end"),
        ({"value": None}, "value"),
        ({"marker": "x"}, "value"),
        ({"recorded_at": timezone.now() + timedelta(1)}, "recorded_at"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_and_nothing_is_written(measured, changed, field):
    rows = [NewObservation(**cell(measured, 1)), NewObservation(**cell(measured, 2) | changed)]
    with pytest.raises(DomainError) as refused:
        record_observations(measure=measured.many, rows=rows, by=None)
    assert refused.value.field == field
    assert not Observation.objects.exists()


def test_two_rows_about_one_cell_at_the_same_moment_are_refused(measured):
    rows = [NewObservation(**cell(measured, 1, "50")), NewObservation(**cell(measured, 1, "51"))]
    with pytest.raises(DomainError, match="Two rows"):
        record_observations(measure=measured.many, rows=rows, by=None)


def test_what_was_known_earlier_does_not_supersede_what_is_known_now(measured):
    record_observation(measure=measured.one, by=None, **cell(measured))
    older = NewObservation(**cell(measured, 1, "40", recorded_at=timezone.now() - timedelta(5)))
    with pytest.raises(DomainError, match="later figure"):
        record_observations(measure=measured.one, rows=[older], by=None)
    assert Observation.objects.get().value == 50


def test_the_number_of_queries_does_not_grow_with_the_rows(measured, django_assert_max_num_queries):
    rows = [
        NewObservation(
            **cell(measured, month, str(value), recorded_at=timezone.now() - timedelta(100 - value))
        )
        for month in range(1, 13)
        for value in range(20)
    ]
    with django_assert_max_num_queries(8):
        record_observations(measure=measured.many, rows=rows, by=None)
    assert Observation.objects.filter(superseded_at=None).count() == 12


def test_no_two_periods_with_a_figure_end_on_one_day(measured):
    place, by = measured.world.place, measured.world.officer
    march = {
        "place": place,
        "period_start": date(2024, 3, 1),
        "period_end": date(2024, 3, 31),
        "period_label": "March 2024",
    }
    year = march | {"period_start": date(2023, 4, 1), "period_label": "2023/24"}
    rows = [NewObservation(**year, value=Decimal(600)), NewObservation(**march, value=Decimal(50))]
    with pytest.raises(DomainError, match="March 2024 ends on the same day as 2023/24") as told_off:
        record_observations(measure=measured.one, rows=rows, by=by)
    assert told_off.value.field == "period_end"
    assert not Observation.objects.exists()
    record_observation(measure=measured.one, by=by, **year, value=Decimal(600))
    with pytest.raises(DomainError, match="one figure a day"):
        record_observation(measure=measured.one, by=by, **march, value=Decimal(50))
    record_observation(measure=measured.one, by=by, **year, value=Decimal(601))
    for other in (
        {"group": measured.group},
        {"place": measured.world.elsewhere},
        {"value": None, "marker": "x"},
    ):
        record_observation(measure=measured.one, by=by, **march | {"value": Decimal(50)} | other)
    record_observation(measure=measured.one, by=by, **year, value=None, marker="x")
    assert record_observation(measure=measured.one, by=by, **march, value=Decimal(50)).value == 50
