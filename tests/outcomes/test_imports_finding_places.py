"""Which place a cell names."""

import pytest

from outcomes.imports.errors import Unclear
from outcomes.imports.places import KEEP, LEAD, KnownPlace, PlaceFinder, plain_name

PLACES = [
    KnownPlace(1, "England", "nation", "E92000001"),
    KnownPlace(2, "West Midlands", "region", "E12000005"),
    KnownPlace(3, "West Midlands", "combined_authority", "E47000007"),
    KnownPlace(4, "Barnsley", "local_authority", "E08000016", False, (5,)),
    KnownPlace(5, "Barnsley", "local_authority", "E08000038"),
    KnownPlace(6, "Mendip", "local_authority", "E07000187", False, (8,)),
    KnownPlace(7, "Sedgemoor", "local_authority", "E07000188", False, (8,)),
    KnownPlace(8, "Somerset", "local_authority", "E06000066"),
    KnownPlace(9, "Oldshire", "local_authority", "E07000999", False, (10, 13)),
    KnownPlace(10, "Bristol, City of", "local_authority", "E06000023"),
    KnownPlace(11, "King's Lynn and West Norfolk", "local_authority", "E07000146"),
    KnownPlace(12, "London", "region", "E12000007"),
    KnownPlace(13, "City of London", "local_authority", "E09000001"),
    KnownPlace(14, "Riverside", "neighbourhood"),
    KnownPlace(15, "County Durham", "local_authority", "E06000047"),
]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("E92000001", 1),
        (" e92000001 ", 1),
        ("ENGLAND", 1),
        ("Bristol, City of", 10),
        ("City of Bristol", 10),
        ("Bristol", 10),
        ("Bristol City Council", 10),
        ("Kings Lynn & West Norfolk", 11),
        ("London", 12),
        ("City of London", 13),
        ("riverside", 14),
        ("Durham", 15),
        ("Barnsley", 5),
        ("Somerset Council", 8),
    ],
)
def test_codes_and_names(written, place):
    assert PlaceFinder(PLACES).find(written).place_id == place


def test_an_old_code_of_the_same_place_is_led_to_the_new_one_and_noted():
    found = PlaceFinder(PLACES).find("E08000016")
    assert (found.place_id, found.note) == (5, "E08000016 is now E08000038.")


def test_a_figure_of_a_merged_place_is_not_taken_for_the_whole():
    with pytest.raises(
        Unclear, match=r"Mendip \(E07000187\) became part of Somerset \(E06000066\)"
    ) as refused:
        PlaceFinder(PLACES).find("E07000187")
    assert refused.value.refusal == "place_merged"


def test_figures_of_a_merged_place_can_be_kept_under_it():
    finder = PlaceFinder(PLACES, merged=KEEP)
    assert finder.find("E07000187").place_id == 6
    assert finder.find("E08000016").place_id == 5  # only its code is new


def test_figures_of_a_merged_place_can_be_led_to_a_sole_successor():
    finder = PlaceFinder(PLACES, merged=LEAD)
    assert (finder.find("E07000187").place_id, finder.find("E07000187").note) == (
        8,
        "E07000187 is now E06000066.",
    )
    with pytest.raises(Unclear, match=r"split into Bristol, City of \(E06000023\) and City of London"):
        finder.find("E07000999")


@pytest.mark.parametrize(
    ("written", "refusal", "because"),
    [
        ("", "place_empty", "empty"),
        ("E06009999", "place_unknown", "No place with the code E06009999"),
        ("Atlantis", "place_unknown", "No place called “Atlantis”"),
        ("West Midlands", "place_ambiguous", r"West Midlands \(E12000005\) or West Midlands \(E47000007\)"),
    ],
)
def test_what_is_unclear_is_refused_with_the_reason(written, refusal, because):
    with pytest.raises(Unclear, match=because) as refused:
        PlaceFinder(PLACES).find(written)
    assert refused.value.refusal == refusal


def test_a_kind_decides_between_places_of_one_name():
    assert PlaceFinder(PLACES, kind="combined_authority").find("West Midlands").place_id == 3


def test_a_row_of_one_level_is_not_taken_for_a_place_of_another():
    finder = PlaceFinder(PLACES)
    assert finder.find("E12000005", "Regional").place_id == 2
    with pytest.raises(
        Unclear, match="The row says “Local authority”, but E12000005 is no code of that level"
    ):
        finder.find("E12000005", "Local authority")


def test_what_was_asked_before_is_answered_alike():
    finder = PlaceFinder(PLACES)
    assert finder.find("Bristol") is finder.find("Bristol")
    for _ in range(2):
        with pytest.raises(Unclear):
            finder.find("Atlantis")


def test_names_are_compared_without_accents_and_punctuation():
    assert plain_name("Môn, Ynys & (Isle)") == "mon ynys and isle"
