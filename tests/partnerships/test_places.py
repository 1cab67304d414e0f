"""Loading places and deprivation from the published files."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from partnerships.actions.places import DEPRIVATION_SOURCE, PLACE_COLUMNS, Loaded, import_places
from partnerships.errors import DomainError
from partnerships.models import AuthorityDeprivation, Place, PlaceKind, SmallAreaDeprivation

HEAD = "LADCD,LADNM,LADCD_ACTIVE,UTLACD,UTLANM,CAUTHCD,CAUTHNM,RGNCD,RGNNM,CTRYCD,CTRYNM,Current\n"
ENGLAND, SOUTH = "E92000001,England", "E12000009,South West"
ROWS = [
    f"E06000066,Somerset,E06000066,E06000066,Somerset,,,{SOUTH},{ENGLAND},TRUE\n",
    f"E07000187,Mendip,E06000066,E06000066,Somerset,,,{SOUTH},{ENGLAND},FALSE\n",
    f"E07000040,East Devon,E07000040,E10000008,Devon,,,{SOUTH},{ENGLAND},TRUE\n",
    "E08000003,Manchester,E08000003,E08000003,Manchester,E47000001,Greater Manchester,E12000002,North West,E92000001,England,TRUE\n",
    "S12000047,Fife,S12000047,S12000047,Fife,,,,,S92000003,Scotland,TRUE\n",
]


@pytest.fixture
def write(tmp_path):
    def written(text, name="la_codes.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return written


def run(*arguments):
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def test_places_with_what_they_lie_in(db, write):
    assert (
        run("import_places", str(write(HEAD + "".join(ROWS)))) == "Places: 11 new, 0 changed, 0 unchanged.\n"
    )
    by_code = Place.objects.in_bulk(field_name="code")
    devon, east_devon, manchester = by_code["E10000008"], by_code["E07000040"], by_code["E08000003"]
    assert (devon.kind, devon.parent) == (PlaceKind.UPPER_TIER, by_code["E12000009"])
    assert (east_devon.upper_tier, east_devon.parent, east_devon.combined_authority) == (
        devon,
        by_code["E12000009"],
        None,
    )
    assert manchester.combined_authority == by_code["E47000001"]
    assert manchester.upper_tier is None  # a unitary authority is its own
    assert by_code["E47000001"].kind == PlaceKind.COMBINED_AUTHORITY
    assert by_code["E12000009"].parent == by_code["E92000001"]
    assert (by_code["E92000001"].kind, by_code["E92000001"].parent) == (PlaceKind.NATION, None)
    assert by_code["S12000047"].parent == by_code["S92000003"]
    assert not Place.objects.filter(is_fictional=True).exists()


def test_an_old_code_points_at_its_successor(db, write):
    import_places(path=write(HEAD + "".join(ROWS)))
    mendip, somerset = Place.objects.get(code="E07000187"), Place.objects.get(code="E06000066")
    assert (mendip.is_current, list(mendip.successors.all())) == (False, [somerset])
    assert (somerset.is_current, list(somerset.successors.all())) == (True, [])


def test_loading_again_changes_nothing(db, write):
    path = write(HEAD + "".join(ROWS))
    import_places(path=path)
    before = list(Place.objects.order_by("pk").values())
    assert import_places(path=path) == Loaded(0, 0, 11)
    assert list(Place.objects.order_by("pk").values()) == before


def test_a_newer_file_brings_places_up_to_date_and_leaves_the_others(db, write):
    import_places(path=write(HEAD + "".join(ROWS)))
    own = Place.objects.create(
        name="Riverside", kind="neighbourhood", parent=Place.objects.get(code="E08000003")
    )
    newer = [
        ROWS[0].replace("E06000066,Somerset,E06000066", "E06000099,Greater Somerset,E06000099"),
        ROWS[0]
        .replace("E06000066,Somerset,E06000066", "E06000066,Somerset,E06000099")
        .replace("TRUE", "FALSE"),
        ROWS[1].replace("E06000066", "E06000099"),
    ]
    newer = [
        row.replace("E06000066,Somerset,,", "E06000099,Greater Somerset,,").replace(
            "E06000099,Somerset,,", "E06000099,Greater Somerset,,"
        )
        for row in newer
    ]
    loaded = import_places(path=write(HEAD + "".join(newer)))
    assert (loaded.created, loaded.updated) == (1, 2)
    assert [p.code for p in Place.objects.get(code="E07000187").successors.all()] == ["E06000099"]
    assert not Place.objects.get(code="E06000066").is_current
    own.refresh_from_db()
    assert own.parent.code == "E08000003"


def test_a_place_of_the_demo_with_a_published_code_is_taken_up(db, write):
    known = Place.objects.create(name="Manchester City", kind="neighbourhood", code="E08000003")
    assert import_places(path=write(HEAD + "".join(ROWS))).created == 10
    known.refresh_from_db()
    assert (known.name, known.kind) == ("Manchester", "local_authority")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (HEAD.replace("RGNCD,", "") + ROWS[0], "la_codes.csv has no column RGNCD. It has LADCD"),
        ("", "has no column LADCD, .* It has no headings at all"),
        (HEAD, "has headings, but no rows"),
        (HEAD + ROWS[0] + ROWS[0], "has two rows for E06000066"),
        (HEAD + ROWS[1], "says that E07000187 is now E06000066, and has no row for that"),
        (HEAD + ROWS[0] + ROWS[2].replace("South West", "South-West"), "gives E12000009 two names"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_and_nothing_is_loaded(db, write, text, because):
    with pytest.raises(CommandError, match=because):
        run("import_places", str(write(text)))
    assert not Place.objects.exists()


def test_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_places", str(tmp_path / "nowhere.csv"))


def test_a_fictional_place_is_not_overwritten(db, write):
    Place.objects.create(name="Madeupton", kind="local_authority", code="E08000003", is_fictional=True)
    with pytest.raises(DomainError, match="E08000003 belongs to Madeupton, which is made up"):
        import_places(path=write(HEAD + "".join(ROWS)))
    assert Place.objects.count() == 1


def test_a_byte_order_mark_and_another_order_of_columns_do_no_harm(db, write):
    columns = list(reversed(PLACE_COLUMNS))
    rows = [dict(zip(HEAD.strip().split(","), row.strip().split(","), strict=True)) for row in ROWS]
    text = ",".join(columns) + "\n" + "".join(",".join(row[name] for name in columns) + "\n" for row in rows)
    assert import_places(path=write(text, encoding="utf-8-sig")).created == 11


# --- deprivation ---

AUTHORITIES = (
    '"ltla24_code","ltla24_name","imd_average_rank","imd_rank_of_average_rank","imd_average_score","imd_rank_of_average_score",'
    '"imd_prop_lsoas_most_deprived_10pc","imd_rank_of_prop_most_deprived_10pc"\n'
    '"E08000003","Manchester",25003.98,6,39.58,5,0.4251,3\n"E07000040","East Devon",12003.5,150,14.037,200,0,290\n'
)
SMALL_AREAS = (
    "lsoa21_code,imd_decile,imd_rank,imd_score,income_decile,education_decile,health_decile\n"
    "E01000001,8,26525,8.742,10,10,10\nE01000002,10,31203,4.722,10,10,10\n"
)


@pytest.fixture
def places(db, write):
    import_places(path=write(HEAD + "".join(ROWS)))


def test_deprivation_is_loaded_once(places, write):
    files = (
        "--authorities",
        str(write(AUTHORITIES, "authorities.csv")),
        "--small-areas",
        str(write(SMALL_AREAS, "areas.csv")),
    )
    said = run("import_deprivation", *files)
    assert (
        said
        == "Local authorities: 2 new, 0 changed, 0 unchanged.\nSmall areas: 2 new, 0 changed, 0 unchanged.\n"
    )
    manchester = AuthorityDeprivation.objects.get(place__code="E08000003")
    assert (manchester.year, float(manchester.average_score), manchester.average_score_rank) == (
        2025,
        39.58,
        5,
    )
    assert (
        float(manchester.average_rank),
        manchester.average_rank_rank,
        float(manchester.share_most_deprived),
    ) == (25003.98, 6, 0.4251)
    assert manchester.source == DEPRIVATION_SOURCE.format(year=2025)
    area = SmallAreaDeprivation.objects.get(code="E01000001")
    assert (area.decile, area.rank, float(area.score), area.health_decile) == (8, 26525, 8.742, 10)
    again = run("import_deprivation", *files)
    assert (
        again
        == "Local authorities: 0 new, 0 changed, 2 unchanged.\nSmall areas: 0 new, 0 changed, 2 unchanged.\n"
    )


def test_corrected_deprivation_replaces_what_was_loaded_and_another_year_stands_beside_it(places, write):
    run(
        "import_deprivation",
        "--authorities",
        str(write(AUTHORITIES, "a.csv")),
        "--small-areas",
        str(write(SMALL_AREAS, "s.csv")),
    )
    files = (
        "--authorities", str(write(AUTHORITIES.replace("39.58", "39.6"), "a.csv")),
        "--small-areas", str(write(SMALL_AREAS.replace("8.742", "8.8"), "s.csv")),
    )  # fmt: skip
    said = run("import_deprivation", *files)
    assert (
        said
        == "Local authorities: 0 new, 1 changed, 1 unchanged.\nSmall areas: 0 new, 1 changed, 1 unchanged.\n"
    )
    run("import_deprivation", *files, "--year", "2019")
    assert (AuthorityDeprivation.objects.count(), SmallAreaDeprivation.objects.count()) == (4, 4)


@pytest.mark.parametrize(
    ("option", "text", "because"),
    [
        (
            "--authorities",
            AUTHORITIES.replace("imd_average_score", "score"),
            "has no column imd_average_score",
        ),
        (
            "--authorities",
            AUTHORITIES.replace("39.58", "much"),
            "row 2: imd_average_score is “much”, which is no number",
        ),
        (
            "--authorities",
            AUTHORITIES.replace("E08000003", "E08009999"),
            r"not known here: Manchester \(E08009999\). Run import_places first",
        ),
        ("--small-areas", SMALL_AREAS.replace("imd_rank", "rank"), "has no column imd_rank"),
        ("--small-areas", SMALL_AREAS.replace("8.742", "?"), "row 2: imd_score is “\\?”, which is no number"),
        (
            "--small-areas",
            SMALL_AREAS.replace("E01000002,10", "E01000002,11"),
            "cannot be loaded: .*decile_1_to_10",
        ),
        ("--small-areas", SMALL_AREAS.replace("E01000002", "E01000001"), "cannot be loaded: duplicate key"),
    ],
)
def test_a_deprivation_file_that_is_not_right_is_refused_and_nothing_is_loaded(
    places, write, option, text, because
):
    with pytest.raises(CommandError, match=because):
        run("import_deprivation", option, str(write(text, "file.csv")))
    assert not AuthorityDeprivation.objects.exists()
    assert not SmallAreaDeprivation.objects.exists()


def test_when_one_of_two_files_is_refused_neither_is_loaded(places, write):
    with pytest.raises(CommandError):
        run(
            "import_deprivation", "--authorities", str(write(AUTHORITIES, "a.csv")),
            "--small-areas", str(write("nonsense\n1\n", "s.csv")),
        )  # fmt: skip
    assert not AuthorityDeprivation.objects.exists()


def test_without_a_file_the_command_says_what_it_wants():
    with pytest.raises(CommandError, match="--authorities, --small-areas or both"):
        run("import_deprivation")


# --- the real files, where they lie beside the project ---

SHARED = Path(os.environ.get("THROUGHLINE_SHARED") or settings.BASE_DIR.parent / "shared") / "data"
needs_files = pytest.mark.skipif(
    not (SHARED / "la_codes.csv").is_file(),
    reason="the published files are not beside the project (THROUGHLINE_SHARED)",
)


@needs_files
def test_the_published_files(db):
    path = str(SHARED / "la_codes.csv")
    assert run("import_places", path) == "Places: 459 new, 0 changed, 0 unchanged.\n"
    assert run("import_places", path) == "Places: 0 new, 0 changed, 459 unchanged.\n"
    assert Place.objects.filter(kind="local_authority").count() == 415
    assert Place.objects.filter(is_current=False).count() == 54
    luton = Place.objects.get(code="E06000032")
    assert (luton.name, luton.parent.name) == ("Luton", "East of England")
    assert Place.objects.get(code="E08000016").successors.get().code == "E08000038"
    files = (
        "--authorities",
        SHARED / "imd2025_ltla24_england.csv",
        "--small-areas",
        SHARED / "imd2025_lsoa21_england.csv",
    )
    assert run("import_deprivation", *map(str, files)) == (
        "Local authorities: 296 new, 0 changed, 0 unchanged.\nSmall areas: 33,755 new, 0 changed, 0 unchanged.\n"
    )
    assert "33,755 unchanged" in run("import_deprivation", *map(str, files))
