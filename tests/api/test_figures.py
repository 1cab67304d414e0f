"""Outcomes, measures and observations: the same numbers as the pages, whatever the format, and nothing hidden."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcomes.actions.evidence import start_with_common_standards
from outcomes.actions.observations import record_observations
from outcomes.api.observations import EXPORTS_AT_ONCE, OneExport
from outcomes.models import Group, Measure, Rebase
from outcomes.queries.dashboard import moment
from outcomes.queries.observations import Wanted
from outcomes.queries.series import hidden_sql, is_hidden, series_for
from partnerships.models import Place, PlaceKind
from people.partner_access.problems import CONTENT_TYPE, Busy
from reports.renderers.csv import DANGEROUS, cell
from tests.api.conftest import EARLY, LATE, figure, read

BETWEEN = EARLY + timedelta(days=90)
CLUB = "children-at-the-club"


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def observations(partner, **asked):
    return partner.get("observations", **asked).json()["items"]


def export(partner, **asked):
    return rows_of(read(partner.get("observations.csv", **asked)))


def key(row):
    return row["measure"], row["place_id"], row["period_label"], row["group_name"] or ""


# --- Agreement ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", [None, BETWEEN.date(), EARLY.date() - timedelta(days=1), date(2999, 1, 1)])
def test_the_api_says_what_the_pages_say(partner, world, figures, day):
    """Every total on every day that can be asked for, in JSON, in CSV and in the export, against the one function of numbers."""
    asked = {"as_of": day.isoformat()} if day else {}
    by_slug = {measure.slug: measure for measure in Measure.objects.filter(partnership=world.partnership)}
    places = [world.place.pk, figures.ward.pk]
    found = series_for(list(by_slug.values()), places, as_of=moment(day))
    shown = {
        (measure.slug, str(place), figure.period_label, ""): figure
        for (measure_id, place), series in found.items()
        for measure in by_slug.values()
        if measure.pk == measure_id
        for figure in series.figures
    }
    totals = {key(row): row for row in observations(partner, **asked) if row["group_name"] is None}
    assert totals.keys() == shown.keys()
    for name, figure_ in shown.items():
        row = totals[name]
        for field in ("value", "text", "lower", "upper", "numerator", "denominator", "hidden", "marker"):
            assert row[field] == getattr(figure_, field), (name, field)
        assert (row["status"] == "provisional") == figure_.provisional
        assert row["period_end"] == figure_.period_end.isoformat()
    in_csv = rows_of(read(partner.get("observations", format="csv", **asked)))
    streamed = export(partner, **asked)
    assert [{k: v for k, v in row.items() if k != "text"} for row in in_csv] == sorted(
        streamed, key=lambda row: int(row["id"])
    )
    everything = observations(partner, **asked)
    assert [as_csv(row) for row in everything] == in_csv


def as_csv(row):
    """What a row of JSON is as text in CSV."""
    plain = {}
    for name, value in row.items():
        if name == "recorded_at":
            value = datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
        plain[name] = cell(value)
    return plain


def test_pages_and_whole_have_the_same_columns(partner, figures):
    listed = read(partner.get("observations", format="csv")).splitlines()[0].split(",")
    streamed = read(partner.get("observations.csv")).splitlines()[0].split(",")
    assert set(listed) - {"text"} == set(streamed)
    assert set(observations(partner)[0]) == set(listed)


def test_the_page_of_the_measure_prints_the_same(partner, world, figures, as_):
    page = as_("officer").get(f"/p/testborough-together/measures/{figures.active.slug}/").content.decode()
    for row in observations(partner, measure=figures.active.slug, place_id=world.place.pk):
        if row["value"] is not None:
            assert row["text"] in page


# --- What is hidden stays hidden -----------------------------------------------------------------------------------
def test_small_counts_leave_in_no_format(partner, figures):
    for row in (*observations(partner, measure=CLUB), *export(partner, measure=CLUB)):
        if row["period_label"] == "2022":
            assert row["value"] in (None, "")
            assert row["hidden"] in (True, "yes")
            assert row["marker"] == "c"


def test_a_hidden_part_closes_its_breakdown_and_no_other(partner, figures):
    """20 children, 17 of them girls, would say that 3 are boys."""
    for found in (observations(partner, measure=CLUB), export(partner, measure=CLUB)):
        shown = {row["group_name"]: row["value"] for row in found if row["period_label"] == "2023"}
        assert shown["girls"] in (None, "")
        assert shown["boys"] in (None, "")
        assert [float(shown[name]) for name in ("5 to 7", "8 to 11")] == [12, 8]


def test_a_hidden_total_closes_every_breakdown(partner, world, figures):
    from outcomes.actions.setting_up import add_group

    none = add_group(partnership=world.partnership, dimension="sex", name="girls")
    record_observations(
        measure=figures.children, by=world.officer, rows=[figure(world.place, 2022, 0, group=none)]
    )
    for found in (observations(partner, measure=CLUB), export(partner, measure=CLUB)):
        assert {row["value"] for row in found if row["period_label"] == "2022"} <= {None, ""}


def test_a_page_that_holds_one_part_alone_knows_of_the_others(partner, figures):
    address = partner.root + f"observations?measure={CLUB}&page_size=1"
    met = {}
    while address:
        page = partner.browser.get(address).json()
        met |= {key(row): row["value"] for row in page["items"]}
        address = page["next"]
    assert [value for name, value in met.items() if name[3] == "girls"] == [None]
    assert len(met) == 7


def wards(world):
    return [
        Place.objects.create(name=name, kind=PlaceKind.WARD, code=code, parent=world.place, is_fictional=True)
        for name, code in (("Park ward", "E05099998"), ("Town ward", "E05099997"))
    ]


def test_a_hidden_place_closes_those_beside_it_and_no_other_period(partner, world, figures):
    """The total less the others would be the hidden one."""
    park, mill = wards(world)
    record_observations(
        measure=figures.children,
        by=world.officer,
        rows=[figure(park, 2023, 2), figure(mill, 2023, 18), figure(park, 2020, 9), figure(mill, 2020, 11)],
    )
    for found in (observations(partner, measure=CLUB), export(partner, measure=CLUB)):
        told = {
            (row["place_name"], row["period_label"]): row["value"] for row in found if not row["group_name"]
        }
        for ward in ("Park ward", "Town ward", "Mill ward"):
            assert told[ward, "2023"] in (None, "")
        assert [float(told[ward, "2020"]) for ward in ("Park ward", "Town ward")] == [9, 11]
        assert float(told[world.place.name, "2023"]) == 20


def by_ward(found, period="2023"):
    """The cells of wards by place, group and partner."""
    return {
        (row["place_name"], row["group_name"] or "", row["organisation_name"] or ""): row["value"]
        for row in found
        if row["period_label"] == period
    }


def test_a_hidden_group_of_one_ward_closes_its_breakdown_in_those_beside_it(partner, world, figures):
    """Girls of all wards less those of the others would be the girls of the hidden one, and so would totals less boys."""
    park, mill = wards(world)
    groups = {group.name: group for group in Group.objects.filter(partnership=world.partnership)}
    counts = {
        (park, "girls"): 2,
        (park, "boys"): 30,
        (mill, "girls"): 15,
        (mill, "boys"): 25,
        (mill, "5 to 7"): 40,
    }
    rows = [figure(place, 2021, count, group=groups[name]) for (place, name), count in counts.items()]
    record_observations(
        measure=figures.children,
        by=world.officer,
        rows=[*rows, figure(park, 2021, 32), figure(mill, 2021, 40)],
    )
    for found in (observations(partner, measure=CLUB), export(partner, measure=CLUB)):
        told = by_ward(found, "2021")
        for ward, name in (
            ("Park ward", "girls"),
            ("Park ward", "boys"),
            ("Town ward", "girls"),
            ("Town ward", "boys"),
        ):
            assert told[ward, name, ""] in (None, "")
        assert [float(told["Town ward", name, ""]) for name in ("", "5 to 7")] == [40, 40]


def test_a_small_part_of_a_partner_closes_the_wards_beside_it(partner, world, figures):
    """The pages show what partners' parts make of a ward: hidden there, it must not be the borough less the others here."""
    park, mill = wards(world)
    ours = {"organisation": world.organisation}
    record_observations(
        measure=figures.children,
        by=world.officer,
        rows=[figure(world.place, 2021, 40), figure(park, 2021, 3, **ours), figure(mill, 2021, 37, **ours)],
    )
    for found in (observations(partner, measure=CLUB), export(partner, measure=CLUB)):
        told = by_ward(found, "2021")
        assert told["Park ward", "", world.organisation.name] in (None, "")
        assert told["Town ward", "", world.organisation.name] in (None, "")
        assert float(told[world.place.name, "", ""]) == 40


def test_wards_do_not_add_up_to_a_place_that_is_hidden_beside_others(partner, world, figures):
    park, mill = wards(world)
    county, small = (
        Place.objects.create(name=name, kind=PlaceKind.LOCAL_AUTHORITY, code=code, is_fictional=True)
        for name, code in (("County", "E10999999"), ("Small", "E07999999"))
    )
    Place.objects.filter(pk__in=[world.place.pk, small.pk]).update(upper_tier=county)
    counts = {county: 40, world.place: 38, small: 2, park: 20, mill: 18}
    rows = [figure(place, 2021, count) for place, count in counts.items()]
    record_observations(measure=figures.children, by=world.officer, rows=rows)
    for found in (observations(partner, measure=CLUB), export(partner, measure=CLUB)):
        shown = {name for (name, *_), value in by_ward(found, "2021").items() if value not in (None, "")}
        assert shown == {"County"}


def test_a_total_that_came_hidden_is_not_the_sum_of_its_wards(partner, world, figures):
    park, mill = wards(world)
    record_observations(
        measure=figures.children,
        by=world.officer,
        rows=[figure(world.place, 2021, None, marker="c"), figure(park, 2021, 20), figure(mill, 2021, 17)],
    )
    for found in (observations(partner, measure=CLUB), export(partner, measure=CLUB)):
        assert set(by_ward(found, "2021").values()) <= {None, ""}


def test_what_was_hidden_then_stays_hidden_when_then_is_asked(partner, world, figures):
    record_observations(
        measure=figures.children, by=world.officer, recorded_at=LATE, rows=[figure(world.place, 2022, 9)]
    )
    by_day = {
        day: [
            row["value"]
            for row in observations(partner, measure=CLUB, as_of=day)
            if row["period_label"] == "2022"
        ]
        for day in (BETWEEN.isoformat(), timezone.now().isoformat())
    }
    assert list(by_day.values()) == [[None], [9]]


numbers = st.none() | st.decimals(min_value=-2, max_value=12, places=1)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=numbers,
    numerator=numbers,
    marker=st.sampled_from(["", "c", "x", "z", "low"]),
    hide=st.none() | st.integers(0, 10),
)
def test_the_rule_in_sql_is_the_rule(db, value, numerator, marker, hide):
    measure = Measure(hide_below=hide)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {hidden_sql('o', 'm')} FROM (SELECT %s::numeric AS value, %s::numeric AS numerator, %s AS marker) o, "
            "(SELECT %s::int AS hide_below) m",
            [value, numerator, marker, hide],
        )
        in_sql = cursor.fetchone()[0]
    as_float = [None if number is None else float(number) for number in (value, numerator)]
    assert in_sql == is_hidden(measure, *as_float, marker)


# --- Moments -----------------------------------------------------------------------------------------------------
def test_as_of_gives_what_was_known_then(partner, figures):
    asked = {"measure": figures.active.slug, "from": "2023-01-01", "to": "2023-12-31"}
    before = observations(partner, as_of=BETWEEN.date().isoformat(), **asked)
    after = observations(partner, **asked)
    assert [row["value"] for row in before if row["place_name"] == "Testborough"] == [61.25]
    assert [row["value"] for row in after if row["place_name"] == "Testborough"] == [62.5]
    assert observations(partner, as_of="2019-01-01") == []
    assert observations(partner, as_of="0001-01-01") == []
    assert export(partner, as_of="2019-01-01") == []


@pytest.mark.parametrize("ahead", ["2999-01-01", "9999-12-31T23:59:59Z", "2999-01-01T00:00:00+14:00"])
def test_a_moment_to_come_is_now(partner, figures, ahead):
    body = partner.get("observations", as_of=ahead).json()
    assert datetime.fromisoformat(body["as_of"]) <= timezone.now()
    assert len(body["items"]) == 11


def test_a_walk_has_one_moment(partner, world, figures):
    """A correction written between two pages does not show one figure twice or mix two states."""
    first = partner.get("observations", page_size=2, measure=figures.active.slug).json()
    record_observations(
        measure=figures.active,
        by=world.officer,
        rows=[figure(world.place, 2022, 1), figure(figures.ward, 2023, 2)],
    )
    met = first["items"]
    address = first["next"]
    while address:
        page = partner.browser.get(address).json()
        assert page["as_of"][:19] == first["as_of"][:19]
        met, address = met + page["items"], page["next"]
    assert sorted(row["value"] or 0 for row in met) == [0, 12, 59.5, 62.5]
    assert len({row["id"] for row in met}) == 4


def test_only_what_is_new(partner, figures):
    since = observations(partner, changed_since=LATE.isoformat())
    assert [row["value"] for row in since] == [62.5]
    assert len(export(partner, changed_since=LATE.isoformat())) == 1


# --- Filters -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({}, 11),
        ({"place": "E05099999"}, 2),
        ({"measure": CLUB}, 7),
        ({"measure": "adults-who-are-active"}, 4),
        ({"from": "2023-01-01"}, 9),
        ({"to": "2022-12-31"}, 2),
        ({"from": "2023-01-01", "to": "2023-12-31", "place": "E05099999"}, 2),
        ({"from": "2024-01-01", "to": "2022-01-01"}, 0),
    ],
)
def test_filters_narrow_pages_and_whole_alike(partner, figures, asked, number):
    assert len(observations(partner, **asked)) == number
    assert len(export(partner, **asked)) == number


def test_filters_by_id(partner, world, figures):
    assert len(observations(partner, place_id=world.place.pk)) == 9
    assert len(observations(partner, programme=world.programme.pk)) == 7
    assert observations(partner, place_id=world.place.pk, place="E05099999") == []
    assert export(partner, place_id=world.place.pk, place="E05099999") == []


def test_figures_of_another_partnership_are_not_there(partner, world, figures):
    from outcomes.actions.setting_up import add_measure, add_outcome

    outcome = add_outcome(partnership=world.other, title="Theirs")
    theirs = add_measure(outcome=outcome, name="Theirs", unit="%", direction="up", frequency="year")
    record_observations(measure=theirs, by=world.stranger, rows=[figure(world.place, 2023, 77)])
    for text in (
        read(partner.get("observations")),
        read(partner.get("observations.csv")),
        read(partner.get("measures")),
        read(partner.get("outcomes")),
    ):
        assert "Theirs" not in text
    assert partner.get("observations", measure=theirs.slug).status_code == 400


# --- Export ------------------------------------------------------------------------------------------------------
def test_the_export_streams_and_says_what_it_is(partner, figures):
    response = partner.get("observations.csv", as_of=BETWEEN.isoformat())
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="testborough-together-observations.csv"'
    assert datetime.fromisoformat(response["As-Of"]) == BETWEEN
    assert response["Cache-Control"] == "no-store"
    assert read(response).startswith("id,measure,")


def test_no_cell_is_a_formula(partner, world, figures):
    for number, start in enumerate(DANGEROUS):
        record_observations(
            measure=figures.active,
            by=world.officer,
            rows=[figure(world.place, 1990 + number, 1, source=f"{start}cmd|' /C calc'!A0")],
        )
    Place.objects.filter(pk=world.place.pk).update(name="@Testborough")
    for text in (read(partner.get("observations.csv")), read(partner.get("observations", format="csv"))):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [one for one in cells if one.startswith(DANGEROUS)]
        assert "'=Children at the club" in cells
        assert "'@Testborough" in cells
        assert sum("cmd|" in one for one in cells) == len(DANGEROUS)
    assert rows_of(read(partner.get("measures", format="csv")))[1]["name"] == "'=Children at the club"


def test_numbers_and_text_with_commas_and_lines_survive(partner, world, figures):
    source = 'Survey, "second" wave\r\nnew line; −3'
    record_observations(
        measure=figures.active,
        by=world.officer,
        rows=[
            figure(world.place, 1999, -3.5, source=source, lower=Decimal("-4.000001"), upper=Decimal("0")),
            figure(world.place, 1998, 123456789012.654321),
        ],
    )
    streamed = export(partner, measure=figures.active.slug)
    by_year = {row["period_label"]: row for row in streamed}
    assert by_year["1999"]["source"] == source
    assert (by_year["1999"]["value"], by_year["1999"]["lower"], by_year["1999"]["upper"]) == (
        "-3.5",
        "-4.000001",
        "0",
    )
    listed = rows_of(read(partner.get("observations", format="csv", measure=figures.active.slug)))
    in_order = sorted(streamed, key=lambda row: int(row["id"]))
    assert [row["value"] for row in listed] == [row["value"] for row in in_order]


def test_only_so_many_exports_run_at_once(partner, figures):
    running = []
    while EXPORTS_AT_ONCE.acquire(blocking=False):
        running.append(True)
    try:
        refused = partner.get("observations.csv")
        assert (refused.status_code, refused["Content-Type"]) == (503, CONTENT_TYPE)
        assert refused["Retry-After"] == "30"
        assert partner.browser.head(partner.root + "observations.csv").status_code == 200
    finally:
        for _ in running:
            EXPORTS_AT_ONCE.release()
    assert read(partner.get("observations.csv"))


def test_an_export_that_is_given_up_makes_room(partner, world, figures):
    wanted = Wanted(world.partnership, (figures.active.pk,), timezone.now())
    for _ in range(3):
        begun, unread = OneExport(wanted), OneExport(wanted)
        reading = iter(begun)
        assert next(reading).startswith(b"id,")
        with pytest.raises(Busy):
            OneExport(wanted)
        begun.close()
        begun.close()
        unread.close()
    assert read(partner.get("observations.csv"))


# --- Outcomes and measures ---------------------------------------------------------------------------------------
def test_outcomes_name_their_measures(partner, figures):
    (row,) = partner.get("outcomes").json()["items"]
    assert row["title"] == "More people are active"
    assert {measure["slug"] for measure in row["measures"]} == {CLUB, "adults-who-are-active"}
    assert row["id"] == str(figures.outcome.pk)


def test_measures_say_how_far_they_are_trusted_and_where_limits_begin_anew(partner, world, figures):
    start_with_common_standards(partnership=world.partnership, by=world.manager)
    Rebase.objects.create(
        partnership=world.partnership,
        measure=figures.active,
        place=world.place,
        period_end=date(2025, 3, 31),
        period_label="March 2025",
        cause="definition",
        reason="Asked in another way.",
        created_by=world.officer,
    )
    rows = {row["slug"]: row for row in partner.get("measures").json()["items"]}
    row = rows[figures.active.slug]
    assert (row["confidence"], row["rebases"][0]["reason"]) == ("not checked", "Asked in another way.")
    assert "8 standards" in row["confidence_because"]
    assert rows[CLUB]["rebases"] == []


def test_measures_say_how_they_count(partner, world, figures):
    rows = {row["slug"]: row for row in partner.get("measures").json()["items"]}
    assert rows[CLUB]["hide_below"] == 5
    assert rows[CLUB]["programme"] == "Holiday club"
    active = rows["adults-who-are-active"]
    assert active["targets"] == [
        {
            "place_code": None,
            "place_name": "Testborough",
            "due_on": "2030-03-31",
            "value": 68.0,
            "kind": "target",
            "note": "",
        }
    ]
    assert (active["kind"], active["unit"], active["decimals"], active["programme_id"]) == (
        "indicator",
        "%",
        1,
        None,
    )


@pytest.mark.parametrize(
    ("asked", "number"),
    [({"kind": "indicator"}, 1), ({"kind": "performance"}, 1), ({"changed_since": "2999-01-01"}, 0)],
)
def test_measures_are_narrowed(partner, figures, asked, number):
    assert len(partner.get("measures", **asked).json()["items"]) == number


def test_measures_of_an_outcome_and_of_a_programme(partner, world, figures):
    assert len(partner.get("measures", outcome=figures.outcome.pk).json()["items"]) == 2
    assert len(partner.get("measures", programme=world.programme.pk).json()["items"]) == 1
    assert partner.get("outcomes", changed_since="2999-01-01").json()["items"] == []


@pytest.mark.parametrize(
    ("path", "number"), [("outcomes", 7), ("measures", 9), ("observations", 5), ("observations.csv", 5)]
)
def test_the_number_of_queries_does_not_grow(
    partner, world, figures, path, number, django_assert_num_queries
):
    from outcomes.actions.setting_up import add_measure, add_outcome
    from outcomes.actions.targets import set_target

    for n in range(6):
        outcome = add_outcome(partnership=world.partnership, title=f"Outcome {n}")
        measure = add_measure(
            outcome=outcome, name=f"Measure {n}", unit="%", direction="up", frequency="year"
        )
        set_target(measure=measure, place=world.place, due_on=date(2030, 1, 1), value=Decimal(n))
        record_observations(measure=measure, by=world.officer, rows=[figure(world.place, 2020, n)])
    with django_assert_num_queries(number):
        read(partner.get(path))


def test_outcomes_say_who_shares_them_and_measures_how_they_are_put_together(partner, world, figures):
    from outcomes.actions.adoptions import adopt_outcome
    from outcomes.actions.breakdowns import declare_breakdown
    from outcomes.actions.framework_links import link_outcome
    from outcomes.actions.frameworks import load_framework
    from outcomes.imports.frameworks import Item

    body = world.organisation
    adopt_outcome(outcome=figures.outcome, organisation=body, adopted_on=date(2026, 1, 20), by=world.manager)
    item = load_framework(name="National", items=[Item("A1", "People move")]).framework.items.get()
    link_outcome(outcome=figures.outcome, item=item, by=world.manager)
    declare_breakdown(
        measure=figures.active, dimension="Bank", adds_up=True, groups=["North", "South"], by=world.manager
    )
    (outcome,) = (
        row for row in partner.get("outcomes").json()["items"] if row["id"] == str(figures.outcome.pk)
    )
    assert outcome["adopted_by"] == [
        {
            "organisation_id": str(body.pk),
            "organisation": body.name,
            "adopted_on": "2026-01-20",
            "ended_on": None,
        }
    ]
    assert outcome["frameworks"] == [
        {"framework": "National", "code": "A1", "title": "People move", "is_copy": False}
    ]
    rows = {row["slug"]: row for row in partner.get("measures").json()["items"]}
    active = rows[figures.active.slug]
    assert active["breakdowns"] == [{"dimension": "Bank", "adds_up": True}]
    assert (active["rule_across_periods"], active["is_in_development"]) == ("", False)
