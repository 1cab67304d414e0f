"""The demo's figures: real ones as published, invented ones that add up and tell the stories they are meant to tell."""

import csv
import itertools
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Q

from demo.chance import texts
from demo.facts import rows, source_of
from demo.setting import INVENTED
from outcomes.models import Group, Measure, Observation, ObservationStatus, Return
from outcomes.queries.dashboard import dashboard, moment
from outcomes.queries.readings import readings_for, similar_places
from partnerships.models import AuthorityDeprivation, Place
from people.models import Person
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the published files are not beside this checkout"
)


@pytest.fixture
def current(demo):
    return Observation.objects.filter(partnership=demo, superseded_at=None).select_related(
        "measure", "place", "group"
    )


@pytest.fixture
def board(demo):
    chair = Person.objects.get(email="chair@brackenford.example")
    return dashboard(demo, as_of=moment(TODAY), viewer=chair)


def names(readings):
    return {reading.measure.name for reading in readings}


def test_there_are_thousands_over_ten_and_five_years(demo):
    assert Observation.objects.filter(partnership=demo).count() >= 2800
    monthly = Measure.objects.filter(partnership=demo, frequency="month", template_key="")
    for measure in monthly:
        borough = measure.observations.filter(place__name="Brackenford", group=None, superseded_at=None)
        assert 57 <= borough.count() <= 60, measure
    yearly = Observation.objects.filter(
        measure__name="Physically active adults", place__name="Brackenford", group=None
    )
    assert yearly.count() == 10


def test_invented_and_real_are_never_mixed_up(current):
    by_hand = current.filter(returned_in=None)
    assert not by_hand.filter(place__is_fictional=True).exclude(source=INVENTED).exists()
    assert not current.filter(place__is_fictional=False).exclude(returned_in=None).exists()
    real = current.filter(place__is_fictional=False)
    assert real.exists()
    assert not real.filter(Q(source="") | Q(source=INVENTED)).exists()
    for measure in Measure.objects.filter(observations__in=real).distinct():
        assert measure.licence == "Open Government Licence v3.0"
        assert measure.source_url.startswith("https://")
    assert AuthorityDeprivation.objects.get(place__is_fictional=True).source == INVENTED


def test_real_figures_are_those_of_the_facts(current):
    for row in texts("outcomes")["measure"]:
        if "published" not in row:
            continue
        facts = {(fact["code"], fact["period"]): fact for fact in rows(row["published"])}
        stored = current.filter(measure__name=row["name"], place__is_fictional=False)
        assert stored.count() == len(facts)
        for observation in stored:
            fact = facts[observation.place.code, observation.period_label]
            assert observation.source == source_of(row["published"]).source
            if fact["value"]:
                assert observation.value == Decimal(fact["value"])
            else:
                assert (observation.value, observation.marker) == (None, "x")


@needs_shared
@pytest.mark.parametrize("name", ["active_adults", "inactive_adults", "active_children"])
def test_the_facts_are_the_published_ones(name):
    with (SHARED / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {(row["area_code"], row["period"]): row["value"] for row in csv.DictReader(file)}
    for fact in rows(name):
        assert published[fact["code"], fact["period"]] == (fact["value"] or "NA")


@needs_shared
def test_the_plan_and_deprivation_facts_are_the_published_ones():
    with (SHARED / "sen2_timeliness_20_week.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {
            (row["new_la_code"] or row["region_code"] or row["country_code"], row["time_period"]): row
            for row in csv.DictReader(file)
            if row["breakdown"] == "All EHC plans issued"
        }
    for fact in rows("sen2_20_week"):
        row = published[fact["code"], fact["period"]]
        assert fact["value"] == row["PC_plans_issued_20_weeks_ex"]
        assert (fact["numerator"], fact["denominator"]) == (
            row["plans_issued_20_weeks_ex"],
            row["plans_issued_den_ex"],
        )
    with (SHARED / "imd2025_ltla24_england.csv").open(encoding="utf-8-sig", newline="") as file:
        scores = {row["ltla24_code"]: row for row in csv.DictReader(file)}
    for fact in rows("deprivation"):
        assert fact["average_score"] == scores[fact["code"]]["imd_average_score"]
        assert fact["average_score_rank"] == scores[fact["code"]]["imd_rank_of_average_score"]


@needs_shared
def test_no_real_authority_has_the_boroughs_name():
    with (SHARED / "la_codes.csv").open(encoding="utf-8-sig", newline="") as file:
        real = {
            row[column].casefold()
            for row in csv.DictReader(file)
            for column in ("LADNM", "UTLANM", "CAUTHNM")
        }
    text = texts("places")
    invented = [
        text["borough"]["name"],
        text["neighbour"]["name"],
        *(row["name"] for row in text["neighbourhood"]),
    ]
    assert not [name for name in invented if name.casefold() in real]


def test_places_like_this_one_are_the_eight_nearest(demo):
    borough = demo.covered.get(is_main=True).place
    similar = similar_places(borough)
    assert len(similar) == 8
    assert not any(place.is_fictional for place in similar)


def test_a_share_is_its_numerator_over_its_denominator_and_lies_in_its_interval(current):
    shares = current.filter(place__is_fictional=True, returned_in=None).exclude(denominator=None)
    assert shares.count() > 500
    for share in shares:
        assert abs(share.value - 100 * share.numerator / share.denominator) < Decimal("0.00001")
        assert 0 <= share.value <= 100
        if share.lower is not None:
            assert share.lower <= share.value <= share.upper


def test_neighbourhoods_and_groups_add_up_to_the_borough(current):
    whole, by_place, by_group = {}, defaultdict(Decimal), defaultdict(Decimal)
    dimensions = dict(Group.objects.values_list("pk", "dimension"))
    for row in current.filter(place__is_fictional=True, returned_in=None, value__isnull=False):
        key = (row.measure_id, row.period_end)
        count = row.value if row.numerator is None else row.numerator
        if row.group_id:
            by_group[key, dimensions[row.group_id]] += count
        elif row.place.kind == "neighbourhood":
            by_place[key] += count
        else:
            whole[key] = count
    assert len(by_place) > 200
    assert len(by_group) > 60
    assert all(whole[key] == total for key, total in by_place.items())
    assert all(whole[key] == total for (key, _), total in by_group.items())


def test_small_counts_are_there_to_be_hidden(demo, current):
    borough = demo.covered.get(is_main=True).place
    hidden = [
        figure
        for measure in Measure.objects.filter(partnership=demo).exclude(hide_below=None)
        for place in Place.objects.filter(parent=borough)
        for figure in readings_for([measure], place, as_of=moment(TODAY))[measure.pk].series.figures
        if figure.hidden
    ]
    assert len(hidden) > 10
    assert all(figure.value is None and figure.text == "Hidden" for figure in hidden)


def test_the_dashboard_has_something_of_everything(board):
    assert {"Physically active adults", "First contact within ten working days"} <= names(board.better)
    assert {
        "Education, health and care plans issued within 20 weeks",
        "Assessment requests decided within six weeks",
        "Park and play faults put right within 14 days",
    } <= names(board.worse)
    assert "Physically inactive adults" in names(board.no_change)
    assert "Referrals accepted by link workers" not in names(board.better) | names(board.worse)
    assert "Venues with a welcome check" in names(board.cannot_tell)
    assert "Residents who feel safe walking near home after dark" in names(board.late)
    assert len(board.late) <= 3


def test_covid_left_its_step(demo):
    lonely = Observation.objects.filter(
        measure__name="Adults who feel lonely often or always", superseded_at=None
    )
    by_year = {row.period_label: row.value for row in lonely}
    assert by_year["2020"] > by_year["2019"] + 2
    assert by_year["2025"] < by_year["2020"] - 1


def test_a_month_is_missing_and_another_says_why(demo, current):
    faults = current.filter(measure__name="Park and play faults put right within 14 days").order_by(
        "period_end"
    )
    gaps = [
        (before.period_end, after.period_start)
        for before, after in itertools.pairwise(faults)
        if (after.period_start - before.period_end).days > 1
    ]
    assert len(gaps) == 1
    lost = current.get(measure__name="Visits to leisure centres and pools", value=None)
    assert lost.marker == "x"
    assert "Turnstile" in lost.note


def test_newest_figures_are_provisional_and_older_ones_were(demo, current):
    contact = current.filter(
        measure__name="First contact within ten working days", place__name="Brackenford"
    ).order_by("period_end")
    assert contact.last().status == ObservationStatus.PROVISIONAL
    assert contact.first().status == ObservationStatus.FINAL
    superseded = Observation.objects.filter(partnership=demo).exclude(superseded_at=None)
    assert superseded.count() > 100
    assert (
        current.filter(
            status=ObservationStatus.REVISED, measure__name="Referrals accepted by link workers"
        ).count()
        > 5
    )


def test_an_earlier_day_shows_what_was_known_then(demo, board):
    earlier = dashboard(demo, as_of=moment(TODAY.replace(year=TODAY.year - 1)), viewer=None)
    now = {reading.measure.slug: reading.latest for reading in board.readings}
    then = {reading.measure.slug: reading.latest for reading in earlier.readings}
    assert set(then) == set(now)
    older = [
        slug
        for slug, figure in then.items()
        if figure is not None and figure.period_end < now[slug].period_end
    ]
    assert len(older) >= 17


def test_each_target_is_ahead_and_none_is_met_by_accident(board):
    goals = [reading.goal for reading in board.readings if reading.goal]
    assert len(goals) >= 10
    assert all(goal.due_on > TODAY for goal in goals)
    assert sum(goal.met is True for goal in goals) <= 2


def test_returns_add_up_within_and_between_partners(demo, current):
    """Worked out anew from the rows: groups make the total, pairs make the value, and partners make the place's figure."""
    sent = current.filter(returned_in__isnull=False, value__isnull=False).select_related("organisation")
    assert sent.count() > 150
    totals, groups, parts = {}, defaultdict(Decimal), defaultdict(list)
    for row in sent:
        if row.denominator:
            times = 100 if row.measure.unit.startswith("%") else 1
            assert abs(row.value - times * row.numerator / row.denominator) < Decimal("0.00001")
        key = (row.returned_in_id, row.measure_id)
        count = row.value if row.numerator is None else row.numerator
        if row.group_id:
            groups[(*key, row.group.dimension)] += count
        else:
            totals[key] = count
            parts[(row.measure_id, row.period_end)].append(row)
    assert len(groups) >= 30
    assert all(totals[key[:2]] == total for key, total in groups.items())
    borough = demo.covered.get(is_main=True).place
    measures = {row.measure_id: row.measure for row in sent}
    readings = readings_for(list(measures.values()), borough, as_of=moment(TODAY))
    for (measure_id, period_end), told in parts.items():
        figure = readings[measure_id].series.at(period_end)
        if figure.hidden:
            continue
        rule = measures[measure_id].rule
        if rule == "sum":
            assert figure.value == sum(row.value for row in told)
        elif rule == "ratio_of_sums":
            times = 100 if measures[measure_id].unit.startswith("%") else 1
            ratio = times * sum(r.numerator for r in told) / sum(r.denominator for r in told)
            assert figure.value == pytest.approx(float(ratio), abs=1e-6)
        elif rule == "unique_count" and len(told) > 1:
            assert figure.value is None


def test_returns_are_in_every_state_and_the_missing_are_named(demo):
    found = Return.objects.filter(partnership=demo)
    assert set(found.values_list("status", flat=True)) == {"owed", "submitted", "sent_back", "accepted"}
    overdue = found.filter(status="owed", due_on__lt=TODAY)
    assert overdue.exists()
    borough = demo.covered.get(is_main=True).place
    offered = Measure.objects.get(partnership=demo, template_key="haf_places_offered")
    latest = readings_for([offered], borough, as_of=moment(TODAY))[offered.pk].latest
    waiting = found.filter(programme=offered.programme, period__ends_on=latest.period_end).exclude(
        status="accepted"
    )
    assert latest.provisional
    assert set(latest.missing) == {one.organisation.name for one in waiting}
    assert len(latest.missing) == 3
