"""What the check of an uploaded file says of each row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outcomes.actions import imports
from outcomes.imports.mapping import WIDE
from outcomes.models import BatchStatus, Observation
from partnerships.errors import DomainError
from partnerships.models import PartnershipPlace, Place
from tests.outcomes.imports_world import (
    THREE,
    as_of,
    check,
    counts,
    prepare,
    reasons,
    save,
    standing,
)

LUTON, ENGLAND = "E06000032", "E92000001"


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return prepare(world)


def test_a_new_file_is_all_new_and_nothing_is_saved_before_it_is_confirmed(here):
    batch = check(here, THREE)
    assert (batch.status, batch.problem, counts(batch)) == (BatchStatus.PREVIEWED, "", {"new": 3})
    assert (batch.rows_read, Observation.objects.count()) == (3, 0)


def test_saving_keeps_source_batch_and_who(here):
    batch = save(here, THREE)
    assert (batch.status, batch.saved_by) == (BatchStatus.SAVED, here.officer)
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58.1, (ENGLAND, "2023/24"): 63}
    saved = Observation.objects.all()
    assert {(o.batch_id, o.source, o.recorded_by_id, o.status) for o in saved} == {
        (batch.pk, "Sport England", here.officer.pk, "final")
    }
    assert {o.recorded_at for o in saved} == {batch.saved_at}  # one moment for the whole batch


def test_the_same_file_again_changes_nothing(here):
    save(here, THREE)
    again = check(here, THREE)
    assert counts(again) == {"unchanged": 3}
    with pytest.raises(DomainError, match="nothing to save"):
        imports.confirm_import(batch=again, by=here.officer)
    assert Observation.objects.count() == 3


def test_a_changed_figure_supersedes_and_the_old_one_can_be_had_as_of_its_day(here):
    first = save(here, THREE)
    second = save(here, THREE.replace("58.1", "58.4"))
    assert counts(second) == {"changed": 1, "unchanged": 2}
    assert standing(here)[LUTON, "2023/24"] == 58.4
    assert as_of(here, first.saved_at)[LUTON, "2023/24"] == 58.1
    assert as_of(here, second.saved_at)[LUTON, "2023/24"] == 58.4
    assert as_of(here, second.saved_at - timedelta(microseconds=1))[LUTON, "2023/24"] == 58.1
    assert Observation.objects.count() == 4


def test_a_number_that_differs_only_beyond_what_is_kept_is_unchanged(here):
    save(here, "code,period,value\nE06000032,2023/24,58.1234564\n")
    assert counts(check(here, "code,period,value\nE06000032,2023/24,58.12345642\n")) == {"unchanged": 1}


def test_a_status_is_part_of_what_is_said(here):
    save(here, "code,period,value\nE06000032,2023/24,58 [p]\n")
    assert Observation.objects.get().status == "provisional"
    assert counts(check(here, "code,period,value\nE06000032,2023/24,58\n")) == {"changed": 1}


def test_a_file_without_limits_does_not_take_them_away(here):
    limits = "code,period,value,lo,hi\nE06000032,2023/24,58,55,61\n"
    save(here, limits, lower_column="lo", upper_column="hi")
    assert counts(check(here, "code,period,value\nE06000032,2023/24,58\n")) == {"unchanged": 1}
    changed = check(here, limits.replace("61", "62"), lower_column="lo", upper_column="hi")
    assert counts(changed) == {"changed": 1}


def test_markers_become_observations_without_a_value(here):
    save(
        here,
        "code,period,value\nE06000032,2021/22,x\nE06000032,2022/23,[c]\nE06000032,2023/24,low\nE92000001,2023/24,\n",
    )
    assert standing(here) == {
        (LUTON, "2021/22"): "x",
        (LUTON, "2022/23"): "c",
        (LUTON, "2023/24"): 0,
        (ENGLAND, "2023/24"): "x",
    }
    assert Observation.objects.get(period_label="2023/24", place__code=LUTON).marker == "low"


def test_a_percentage_is_worked_out_from_its_two_counts(here):
    text = "code,period,in time,all\nE06000032,2024,30,40\nE92000001,2024,x,100\nE08000038,2024,0,0\n"
    save(here, text, value_column="", numerator_column="in time", denominator_column="all")
    assert standing(here) == {(LUTON, "2024"): 75, (ENGLAND, "2024"): "x", ("E08000038", "2024"): "z"}
    luton = Observation.objects.get(place__code=LUTON)
    assert (luton.numerator, luton.denominator) == (30, 40)


def test_only_rows_that_the_filters_let_through(here):
    text = "code,period,sex,type,value\nE06000032,2024,All,UA,1\nE06000032,2024,Girls,UA,2\nE92000001,2024,All,Country,3\nE92000001,2024,All,Other,4\n"
    batch = check(here, text, filters=[["sex", "All"], ["type", "UA"], ["type", "Country"]])
    assert (counts(batch), batch.rows_read) == ({"new": 2, "skipped": 2}, 4)


def test_a_column_for_each_period_and_blank_cells_say_nothing(here):
    text = "code,2022/23,2023/24\nE06000032,57,58\nE92000001,,63\n"
    batch = save(here, text, layout=WIDE, period_columns=["2022/23", "2023/24"])
    assert counts(batch) == {"new": 3}
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58, (ENGLAND, "2023/24"): 63}


def test_one_place_and_one_period_for_the_whole_file(here):
    batch = save(
        here,
        "what,value\nactive,58\n",
        place_columns=[],
        fixed_place=here.places[LUTON].pk,
        period_column="",
        fixed_period="2023/24",
    )
    assert counts(batch) == {"new": 1}
    assert standing(here) == {(LUTON, "2023/24"): 58}


def test_a_place_that_stands_above_its_rows(here):
    save(here, "code,period,value\nE06000032,2022/23,57\n,2023/24,58\n", fill_down=True)
    assert standing(here) == {(LUTON, "2022/23"): 57, (LUTON, "2023/24"): 58}


def test_shares_of_one_as_percentages(here):
    save(here, "code,period,value\nE06000032,2023/24,0.581\nE92000001,2023/24,63%\n", times_100=True)
    assert standing(here) == {(LUTON, "2023/24"): 58.1, (ENGLAND, "2023/24"): 63}


def test_numbers_that_grow_beyond_what_is_kept_are_refused_row_by_row(here):
    batch = check(
        here, "code,period,value\nE06000032,2023/24,123456789012\nE92000001,2023/24,0.5\n", times_100=True
    )
    assert (counts(batch), reasons(batch)) == ({"new": 1, "refused": 1}, {2: "“123456789012” is too large."})
    text = "code,period,n,d\nE06000032,2023/24,123456789012,0.001\nE92000001,2023/24,1,2\n"
    batch = check(here, text, value_column="", numerator_column="n", denominator_column="d")
    assert reasons(batch) == {2: "“123456789012 of 0.001” is too large."}


def test_each_refused_row_has_its_number_and_its_reason(here):
    batch = check(
        here,
        "code,period,value\n"
        "E06000032,2023/24,58\n"  # 2
        "E06009999,2023/24,58\n"  # 3
        ",2023/24,58\n"  # 4
        "West Midlands,2023/24,58\n"  # 5
        "E06000032,soon,58\n"  # 6
        "E06000032,2022/23,about 5\n"  # 7
        "E06000032,2021/22,5,6\n"  # 8
        "\n"  # 9, empty
        "E06000032,Q1 2024,5\n",  # 10
    )
    assert counts(batch) == {"new": 1, "refused": 7}
    assert reasons(batch) == {
        3: "No place with the code E06009999 is known here.",
        4: "The place is empty.",
        5: "“West Midlands” could be West Midlands (E12000005) or West Midlands (E47000007).",
        6: "“soon” is not a period that is known here.",
        7: "“about 5” is not a number or a marker that is known here.",
        8: "The row has more cells than there are headings.",
        10: "“Q1 2024” is shorter than a period of this yearly measure.",
    }
    assert batch.rows.get(row_number=7).as_written == {
        "place": LUTON,
        "period": "2022/23",
        "value": "about 5",
    }


def test_rows_that_say_the_same_twice_count_once(here):
    batch = save(here, "code,period,value\nE06000032,2023/24,58\nE06000032,2023/24,58.0\n")
    assert counts(batch) == {"new": 1, "unchanged": 1}


def test_rows_that_differ_are_both_refused(here):
    batch = check(
        here, "code,period,value\nE06000032,2023/24,58\nE92000001,2023/24,63\nE06000032,2023/24,59\n"
    )
    assert counts(batch) == {"new": 1, "refused": 2}
    assert reasons(batch) == {
        2: "Row 4 gives another figure for the same place and 2023/24.",
        4: "Row 2 gives another figure for the same place and 2023/24.",
    }


def test_two_columns_for_one_period_that_differ_are_refused(here):
    batch = check(
        here, "code,2023/24,2023-24\nE06000032,57,58\n", layout=WIDE, period_columns=["2023/24", "2023-24"]
    )
    assert set(reasons(batch).values()) == {
        "Another column gives another figure for the same place and 2023/24."
    }
    assert counts(batch) == {"refused": 2}


# --- places that changed ---


def test_an_old_code_is_led_to_its_successor_and_says_so(here):
    batch = save(here, "code,period,value\nE08000016,2023/24,58\n")
    assert standing(here) == {("E08000038", "2023/24"): 58}
    assert Observation.objects.get().note == "E08000016 is now E08000038."
    assert counts(batch) == {"new": 1}


def test_the_places_own_row_wins_over_one_led_from_its_old_code(here):
    batch = check(here, "code,period,value\nE08000016,2023/24,58\nE08000038,2023/24,60\n")
    assert counts(batch) == {"new": 1, "refused": 1}
    assert reasons(batch) == {
        2: "E08000016 is now E08000038. Row 3 gives that place's own figure for 2023/24."
    }
    assert batch.rows.get(verdict="new").value == 60


def test_figures_of_a_merged_place_are_refused_unless_they_are_to_be_kept(here):
    text = "code,period,value\nE07000187,2015/16,70\nE06000066,2015/16,68\n"
    batch = check(here, text)
    assert reasons(batch) == {
        2: "Mendip (E07000187) became part of Somerset (E06000066). A part's figure is not the whole's."
    }
    save(here, text, merged="keep")
    assert standing(here) == {("E07000187", "2015/16"): 70, ("E06000066", "2015/16"): 68}


def test_two_old_places_led_to_one_are_never_added_up(here):
    text = "code,period,value\nE07000187,2015/16,70\nE07000188,2015/16,70\nE07000187,2016/17,71\n"
    batch = check(here, text, merged="lead")
    assert counts(batch) == {"new": 1, "refused": 2}
    assert reasons(batch)[2] == (
        "E07000187 is now E06000066. So is another place of this file, and their figures for 2015/16 cannot be added up."
    )


def test_a_neighbourhood_of_another_partnership_is_not_known_here(here):
    theirs = Place.objects.create(name="Riverside", kind="neighbourhood")
    PartnershipPlace.objects.create(partnership=here.other, place=theirs)
    batch = check(here, "code,period,value\nRiverside,2023/24,58\nTestborough,2023/24,59\n")
    assert reasons(batch) == {2: "No place called “Riverside” is known here."}
    assert counts(batch) == {"new": 1, "refused": 1}
