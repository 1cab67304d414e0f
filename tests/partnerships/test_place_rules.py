"""Places of one's own, what is covered, codes and who took over from whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.actions.covering import choose_main, start_covering, stop_covering
from partnerships.actions.local_places import add_place, close_place, edit_place, record_successor
from partnerships.actions.places import import_places, import_small_area_deprivation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Place, PlaceKind, SmallAreaDeprivation
from partnerships.queries import places as queries
from partnerships.queries.place_codes import fault_of, small_areas_in


@pytest.fixture
def hill(world):
    return add_place(
        partnership=world.partnership, name="Hill", kind="neighbourhood", parent=world.place, by=world.manager
    )


def area(code, decile, year=2025, authority=""):
    return SmallAreaDeprivation.objects.create(
        code=code,
        year=year,
        decile=decile,
        rank=1,
        score=1,
        income_decile=1,
        education_decile=1,
        health_decile=1,
        authority_code=authority,
    )


# --- Codes -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("E08000007", PlaceKind.LOCAL_AUTHORITY, ""),
        ("E54000057", PlaceKind.HEALTH_SYSTEM, ""),
        ("E47000001", PlaceKind.COMBINED_AUTHORITY, ""),
        ("E05000001", PlaceKind.WARD, ""),
        ("E12000002", PlaceKind.LOCAL_AUTHORITY, "it is a region, not a local authority"),
        ("e08000007", PlaceKind.LOCAL_AUTHORITY, "is no GSS code"),
        ("E0800000", PlaceKind.LOCAL_AUTHORITY, "is no GSS code"),
        ("E99000007", PlaceKind.LOCAL_AUTHORITY, "we know no kind of place by"),
    ],
)
def test_a_code_says_what_kind_of_place_it_is_for(code, kind, said):
    fault = fault_of(code, kind)
    assert said in fault if said else fault == ""


def test_small_areas_are_read_however_they_are_separated():
    assert small_areas_in(" e01005570,E01005571;\nE01005570 ") == (["E01005570", "E01005571"], [])
    assert small_areas_in("E01005570 Hill E0100557") == (["E01005570"], ["HILL", "E0100557"])


# --- Places of one's own -----------------------------------------------------------------------------------------------
def test_a_place_that_is_added_is_covered_and_is_its_own(world, hill):
    assert (hill.code, hill.added_by, hill.created_by) == (None, world.partnership, world.manager)
    assert world.partnership.covered.filter(place=hill, is_main=False).exists()


def test_the_same_name_in_the_same_place_is_refused(world, hill):
    with pytest.raises(DomainError, match="already a place called HILL"):
        add_place(partnership=world.partnership, name=" HILL ", kind="neighbourhood", parent=world.place)


def test_alike_names_are_shown_before_another_is_made(world, hill):
    made = {"partnership": world.partnership, "kind": "neighbourhood", "parent": world.place}
    with pytest.raises(DomainError) as refused:
        add_place(**made, name="Hills")
    assert refused.value.field == "is_another"
    assert "Hill" in refused.value.message
    assert add_place(**made, name="Hills", is_another=True).name == "Hills"


@pytest.mark.parametrize("kind", ["nation", "local_authority", "ward"])
def test_what_has_published_codes_is_not_added_by_hand(world, kind):
    with pytest.raises(DomainError) as refused:
        add_place(partnership=world.partnership, name="Hill", kind=kind, parent=world.place)
    assert refused.value.field == "kind"


def test_a_place_lies_in_a_larger_one_that_is_seen(world, hill):
    with pytest.raises(DomainError, match="can't lie in a neighbourhood"):
        add_place(partnership=world.partnership, name="Dale", kind="neighbourhood", parent=hill)
    theirs = add_place(
        partnership=world.other, name="Their hill", kind="neighbourhood", parent=world.elsewhere
    )
    with pytest.raises(DomainError) as refused:
        add_place(partnership=world.partnership, name="Row", kind="hyper_local", parent=theirs)
    assert refused.value.field == "parent"


def test_another_partnerships_own_places_are_seen_only_in_an_area_that_both_cover(world, hill):
    assert hill in queries.visible_places(world.partnership)
    assert hill not in queries.visible_places(world.other)
    start_covering(partnership=world.other, place=world.place, by=world.stranger)
    assert hill in queries.visible_places(world.other)
    street = add_place(partnership=world.partnership, name="Row", kind="hyper_local", parent=hill)
    assert street in queries.visible_places(world.other)


def test_a_place_is_moved_but_not_into_itself(world, hill):
    row = add_place(partnership=world.partnership, name="Row", kind="hyper_local", parent=hill)
    same = {"place": hill, "partnership": world.partnership, "by": world.manager, "kind": "neighbourhood"}
    with pytest.raises(DomainError, match="can't lie in itself"):
        edit_place(**same, expected_version=1, name="Hill", parent=row)
    with pytest.raises(DomainError, match="holds places of this size"):
        edit_place(**same | {"kind": "hyper_local"}, expected_version=1, name="Hill", parent=world.place)
    renamed = edit_place(
        **same, expected_version=1, name="Hilltop", parent=world.place, small_areas=["E01000001"]
    )
    assert (renamed.name, renamed.version, renamed.small_areas) == ("Hilltop", 2, ["E01000001"])
    with pytest.raises(EditConflict):
        edit_place(**same, expected_version=1, name="Hill again", parent=world.place)


def test_nobody_changes_a_place_of_others(world, hill):
    start_covering(partnership=world.other, place=world.place, by=world.stranger)
    with pytest.raises(DomainError, match="not added by your partnership"):
        edit_place(
            place=hill,
            partnership=world.other,
            expected_version=1,
            by=world.stranger,
            name="Ours",
            kind="neighbourhood",
            parent=world.place,
        )
    with pytest.raises(DomainError, match="not added by your partnership"):
        close_place(
            place=world.place, partnership=world.partnership, expected_version=1, on=date(2026, 1, 1), by=None
        )


def test_closing_says_what_took_over(world, hill):
    dale = add_place(partnership=world.partnership, name="Dale", kind="neighbourhood", parent=world.place)
    closed = close_place(
        place=hill,
        partnership=world.partnership,
        expected_version=1,
        on=date(2026, 3, 31),
        successors=[dale],
        by=world.manager,
    )
    assert (closed.is_current, closed.valid_to) == (False, date(2026, 3, 31))
    assert list(closed.successors.all()) == [dale]
    assert not world.partnership.covered.filter(place=hill).exists()
    with pytest.raises(DomainError, match="the other way round"):
        close_place(
            place=dale,
            partnership=world.partnership,
            expected_version=1,
            on=date(2026, 4, 1),
            successors=[hill],
            by=world.manager,
        )


def test_a_place_that_others_cover_or_that_holds_places_is_not_closed(world, hill):
    closing = {"place": hill, "partnership": world.partnership, "expected_version": 1, "on": date(2026, 1, 1)}
    row = add_place(partnership=world.partnership, name="Row", kind="hyper_local", parent=hill)
    with pytest.raises(DomainError, match="places in it"):
        close_place(**closing, by=None)
    Place.objects.filter(pk=row.pk).update(is_current=False)
    start_covering(partnership=world.other, place=world.place, by=None)
    start_covering(partnership=world.other, place=hill, by=None)
    with pytest.raises(DomainError, match="Another partnership covers"):
        close_place(**closing, by=None)


# --- Covering ----------------------------------------------------------------------------------------------------------
def test_a_place_is_covered_once_and_the_main_one_stays(world):
    for _ in range(2):
        start_covering(partnership=world.partnership, place=world.elsewhere, by=world.manager)
    assert world.partnership.covered.count() == 2
    with pytest.raises(DomainError, match="main place"):
        stop_covering(partnership=world.partnership, place=world.place, by=world.manager)
    for _ in range(2):
        choose_main(partnership=world.partnership, place=world.elsewhere, by=world.manager)
    assert world.partnership.covered.get(is_main=True).place == world.elsewhere
    for _ in range(2):
        stop_covering(partnership=world.partnership, place=world.place, by=world.manager)
    assert [one.place for one in world.partnership.covered.all()] == [world.elsewhere]
    with pytest.raises(DomainError, match="Cover Testborough first"):
        choose_main(partnership=world.partnership, place=world.place, by=world.manager)


def test_a_place_that_is_gone_or_hidden_is_not_covered(world):
    old = Place.objects.create(name="Old", kind=PlaceKind.LOCAL_AUTHORITY, is_current=False)
    with pytest.raises(DomainError, match="no longer in use"):
        start_covering(partnership=world.partnership, place=old, by=None)
    theirs = add_place(partnership=world.other, name="Theirs", kind="neighbourhood", parent=world.elsewhere)
    with pytest.raises(DomainError, match="from the list"):
        start_covering(partnership=world.partnership, place=theirs, by=None)


# --- Successors of published codes -----------------------------------------------------------------------------------------
def test_a_published_successor_is_recorded_by_those_who_run_the_service(db, capsys):
    old = Place.objects.create(name="Barnsley", kind=PlaceKind.LOCAL_AUTHORITY, code="E08000016")
    new = Place.objects.create(name="Barnsley", kind=PlaceKind.LOCAL_AUTHORITY, code="E08000038")
    call_command("record_successor", "E08000016", "E08000038", "--last-day=2025-03-31")
    assert "E08000038 took over" in capsys.readouterr().out
    old.refresh_from_db()
    assert (old.is_current, old.valid_to, list(old.successors.all())) == (False, date(2025, 3, 31), [new])
    with pytest.raises(CommandError, match="the other way round"):
        call_command("record_successor", "E08000038", "E08000016", "--last-day=2026-03-31")
    with pytest.raises(DomainError, match="no place with the code E08000099"):
        record_successor(old_code="E08000016", new_code="E08000099", on=date(2026, 1, 1))


# --- The tree ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def england(db):
    def make(name, kind, code, **links):
        return Place.objects.create(name=name, kind=kind, code=code, **links)

    nation = make("England", PlaceKind.NATION, "E92000001")
    region = make("North West", PlaceKind.REGION, "E12000002", parent=nation)
    joined = make("Greater Manchester", PlaceKind.COMBINED_AUTHORITY, "E47000001", parent=region)
    county = make("Lancashire", PlaceKind.UPPER_TIER, "E10000017", parent=region)
    city = make(
        "Manchester", PlaceKind.LOCAL_AUTHORITY, "E08000003", parent=region, combined_authority=joined
    )
    district = make("Burnley", PlaceKind.LOCAL_AUTHORITY, "E07000117", parent=region, upper_tier=county)
    return {
        "nation": nation,
        "region": region,
        "joined": joined,
        "county": county,
        "city": city,
        "district": district,
    }


def test_the_tree_opens_down_to_a_place_in_the_smallest_area_that_holds_it(world, england):
    def open_names(nodes):
        return [(node.place.name, node.has_more, open_names(node.below)) for node in nodes if node.is_open]

    assert open_names(queries.tree(world.partnership, england["city"])) == [
        ("England", True, [("North West", True, [("Greater Manchester", True, [("Manchester", False, [])])])])
    ]
    assert [place.name for place in queries.path_to(england["district"])] == [
        "England", "North West", "Lancashire", "Burnley",
    ]  # fmt: skip
    region = queries.inside(world.partnership, england["region"])
    assert [place.name for place in region] == ["Greater Manchester", "Lancashire"]


def test_the_tree_asks_as_often_however_many_places_there_are(world, england):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            queries.tree(world.partnership, england["region"])
        return len(captured)

    before = asked()
    for number in range(30):
        Place.objects.create(name=f"Area {number}", kind=PlaceKind.UPPER_TIER, parent=england["region"])
    assert asked() == before


def test_places_are_found_by_name_code_and_nearly(world, england):
    names = lambda text: [place.name for place in queries.search(world.partnership, text)]  # noqa: E731
    assert names("burn") == ["Burnley"]
    assert names("e4700") == ["Greater Manchester"]
    assert names("Manchestre")[0] == "Manchester"
    assert names("zzzz") == []


# --- Deprivation ---------------------------------------------------------------------------------------------------------
def test_the_spread_of_deciles_counts_areas_and_averages_nothing(world, hill):
    assert queries.decile_spread(hill) is None
    for number, decile in enumerate((1, 1, 4)):
        area(f"E0100000{number}", decile)
    area("E01000009", 10, year=2019)
    hill.small_areas = ["E01000000", "E01000001", "E01000008"]
    hill.save()
    row = add_place(
        partnership=world.partnership, name="Row", kind="hyper_local", parent=hill, small_areas=["E01000002"]
    )
    spread = queries.decile_spread(hill)
    assert (spread.year, spread.counts) == (2025, (2, 0, 0, 1, 0, 0, 0, 0, 0, 0))
    assert (spread.most_deprived, spread.known, spread.named) == (2, 3, 4)
    assert queries.decile_spread(row).counts[3] == 1


def test_the_areas_of_an_authority_are_known_where_the_file_says_so(world, england):
    area("E01000001", 2, authority="E08000003")
    area("E01000002", 9, authority="E07000117")
    assert queries.decile_spread(england["city"]).counts == (0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    assert queries.decile_spread(england["county"]) is None


# --- The published files -------------------------------------------------------------------------------------------------
HEAD = "LADCD,LADNM,LADCD_ACTIVE,UTLACD,UTLANM,CAUTHCD,CAUTHNM,RGNCD,RGNNM,CTRYCD,CTRYNM,Current,OPER_DATE,TERM_DATE\n"
ENGLAND = "E12000003,Yorkshire and The Humber,E92000001,England"
BEFORE = f"E08000016,Barnsley,E08000038,E08000016,Barnsley,,,{ENGLAND},FALSE,01/01/2009,2025-03-31\n"
AFTER = (
    f"E08000038,Barnsley,E08000038,E08000038,Barnsley,E47000002,South Yorkshire,{ENGLAND},TRUE,2025-04-01,\n"
)


@pytest.fixture
def codes(tmp_path):
    def written(text, name="la_codes.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_days_of_a_code_are_kept_where_the_file_knows_them(db, codes):
    for _ in range(2):
        loaded = import_places(path=codes(HEAD + BEFORE + AFTER))
    assert (loaded.created, loaded.updated) == (0, 0)
    old, new = (Place.objects.get(code=code) for code in ("E08000016", "E08000038"))
    assert (old.valid_from, old.valid_to, list(old.successors.all())) == (
        date(2009, 1, 1),
        date(2025, 3, 31),
        [new],
    )
    assert (new.valid_from, new.valid_to) == (date(2025, 4, 1), None)
    assert new.combined_authority.parent.code == "E12000003", "it lies in one region only"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            BEFORE + AFTER.replace("E08000038,Barnsley,E08000038", "E08000038,Barnsley,E08000016", 1),
            "each said to have taken over",
        ),
        (BEFORE.replace("E08000016", "E12000016") + AFTER, "it is a region, not a local authority"),
        (BEFORE.replace("01/01/2009", "1 Jan") + AFTER, "“1 Jan” is no day"),
    ],
)
def test_a_file_that_cannot_be_is_refused_whole(db, codes, text, said):
    with pytest.raises(DomainError, match=said):
        import_places(path=codes(HEAD + text))
    assert not Place.objects.exists()


def test_the_authority_of_a_small_area_is_kept_where_a_file_names_it(db, codes):
    columns = "lsoa21_code,imd_decile,imd_rank,imd_score,income_decile,education_decile,health_decile"
    row = "E01000001,8,26525,8.742,10,10,10"
    named = codes(f"{columns},ltla24_code\n{row},E09000001\n", "named.csv")
    plain = codes(f"{columns}\n{row}\n", "plain.csv")
    for path in (plain, named, plain):
        import_small_area_deprivation(path=path)
    assert SmallAreaDeprivation.objects.get().authority_code == "E09000001", (
        "a file without it takes nothing away"
    )
