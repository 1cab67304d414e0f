"""Files with groups of people: rows, columns, totals, cross-tables, new groups, corrections, undoing."""

from __future__ import annotations

import pytest

from outcomes.actions import imports
from outcomes.actions.imports_mapping import check_mapping
from outcomes.actions.setting_up import add_group
from outcomes.imports.errors import Unclear
from outcomes.imports.groups import EMPTY_CELL, IS, MOST_GROUPS, NO_TOTAL, Breakdown, GroupFinder, KnownGroup
from outcomes.imports.mapping import GROUPS, WIDE, Mapping, guess
from outcomes.models import Group, ImportBatch, MeasureBreakdown, Observation
from partnerships.errors import DomainError
from tests.outcomes.imports_world import (
    check,
    choices,
    counts,
    layout,
    prepare,
    reasons,
    save,
    send_file,
    standing,
    upload,
    url,
)

LUTON, ENGLAND = "E06000032", "E92000001"
SEXES = (
    "code,period,sex,value\n"
    f"{LUTON},2023/24,Total,58\n{LUTON},2023/24,Girls,54\n{LUTON},2023/24,Boys,62\n"
    f"{ENGLAND},2023/24,Total,60\n{ENGLAND},2023/24,Girls,57\n{ENGLAND},2023/24,Boys,c\n"
)
SEX = Breakdown("sex", "Sex")


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return prepare(world)


def of_groups(here):
    rows = Observation.objects.filter(measure=here.measure, superseded_at=None).select_related(
        "place", "group"
    )
    return {
        (o.place.code, str(o.group or ""), o.period_label): o.marker if o.value is None else float(o.value)
        for o in rows
    }


def test_rows_of_groups_become_figures_of_groups_and_those_of_everybody_stay_totals(here):
    batch = save(here, SEXES, breakdowns=[SEX])
    assert counts(batch) == {"new": 6}
    assert of_groups(here) == {
        (LUTON, "", "2023/24"): 58,
        (LUTON, "Sex: Girls", "2023/24"): 54,
        (LUTON, "Sex: Boys", "2023/24"): 62,
        (ENGLAND, "", "2023/24"): 60,
        (ENGLAND, "Sex: Girls", "2023/24"): 57,
        (ENGLAND, "Sex: Boys", "2023/24"): "c",
    }
    assert list(MeasureBreakdown.objects.values_list("measure", "dimension", "adds_up")) == [
        (here.measure.pk, "Sex", False)
    ]
    assert [(one["name"], one["new"]) for one in batch.groups] == [("Girls", 2), ("Boys", 2)]


def test_nothing_is_made_before_it_is_saved(here):
    batch = check(here, SEXES, breakdowns=[SEX])
    assert [one["number"] for one in batch.groups] == [-1, -2]
    assert not Group.objects.exists()
    assert not MeasureBreakdown.objects.exists()


def test_groups_that_are_known_are_found_whatever_their_capitals(here):
    girls = add_group(partnership=here.partnership, dimension="Sex", name="girls")
    batch = save(here, SEXES, breakdowns=[Breakdown("sex", "sex")])
    assert set(Group.objects.values_list("dimension", "name")) == {("Sex", "girls"), ("Sex", "Boys")}
    assert Observation.objects.filter(group=girls).count() == 2
    assert [one["number"] for one in batch.groups] == [girls.pk, -2]


def places_of(dimension):
    return list(
        Group.objects.filter(dimension=dimension).order_by("position", "name").values_list("name", flat=True)
    )


def by_fifth(*cells):
    return "code,period,imd,value\n" + "".join(
        f"{LUTON},{year},{name},{50 + n}\n" for n, (year, name) in enumerate(cells)
    )


def test_groups_that_stand_in_an_order_come_into_it_whichever_file_brings_them(here):
    imd = [Breakdown("imd", "IMD quintile", total=NO_TOTAL)]
    save(here, by_fifth((2023, "1"), (2023, "5"), (2023, "Not known")), breakdowns=imd)
    save(here, by_fifth((2024, "1"), (2024, "4"), (2024, "2"), (2024, "3")), breakdowns=imd)
    assert places_of("IMD quintile") == ["1", "2", "3", "4", "5", "Not known"]
    tenths = [Breakdown("imd", "Decile", total=NO_TOTAL)]
    save(here, by_fifth(*((2024, str(n)) for n in sorted(range(1, 11), key=str))), breakdowns=tenths)
    assert places_of("Decile") == [str(n) for n in range(1, 11)]


def test_new_groups_come_behind_those_that_somebody_has_put_in_order(here):
    for position, name in enumerate(("Women", "Men")):
        add_group(partnership=here.partnership, dimension="Sex", name=name, position=position)
    save(here, SEXES, breakdowns=[SEX])
    assert list(Group.objects.filter(dimension="Sex").order_by("position").values_list("position", "name")) == [
        (0, "Women"), (1, "Men"), (2, "Girls"), (3, "Boys"),
    ]  # fmt: skip


def test_an_order_that_names_do_not_tell_is_not_taken_from_the_file(here):
    imd = [Breakdown("imd", "Deprivation", total=NO_TOTAL)]
    save(here, by_fifth((2023, "Hill"), (2023, "Vale"), (2023, "Quay")), breakdowns=imd)
    assert set(Group.objects.filter(dimension="Deprivation").values_list("position", flat=True)) == {0}


def test_the_same_file_again_changes_nothing_and_a_correction_supersedes_its_group_only(here):
    save(here, SEXES, breakdowns=[SEX])
    assert counts(check(here, SEXES, breakdowns=[SEX])) == {"unchanged": 6}
    batch = save(here, SEXES.replace("Girls,54", "Girls,55"), breakdowns=[SEX])
    assert counts(batch) == {"changed": 1, "unchanged": 5}
    assert of_groups(here)[LUTON, "Sex: Girls", "2023/24"] == 55
    assert Observation.objects.filter(superseded_at__isnull=False).get().group.name == "Girls"


def test_undoing_takes_the_groups_figures_back_and_the_breakdown_that_came_with_them(here):
    save(here, SEXES, breakdowns=[SEX])
    second = save(here, SEXES.replace("Girls,54", "Girls,55"), breakdowns=[SEX])
    imports.undo_import(batch=second, by=here.officer)
    assert of_groups(here)[LUTON, "Sex: Girls", "2023/24"] == 54
    assert MeasureBreakdown.objects.count() == 1  # the first import declared it
    edited = save(here, SEXES.replace("Girls,54", "Girls,56"), breakdowns=[SEX])
    first = ImportBatch.objects.earliest("pk")
    with pytest.raises(DomainError, match="1 figure of this import has been changed since"):
        imports.undo_import(batch=first, by=here.officer)
    imports.undo_import(batch=first, leave_changed=True, by=here.officer)
    assert of_groups(here) == {(LUTON, "Sex: Girls", "2023/24"): 56}
    assert MeasureBreakdown.objects.count() == 1  # a figure of girls still stands
    imports.undo_import(batch=edited, by=here.officer)
    third = save(here, SEXES.replace("sex", "who"), breakdowns=[Breakdown("who", "Who")])
    imports.undo_import(batch=third, by=here.officer)
    assert list(MeasureBreakdown.objects.values_list("dimension", flat=True)) == ["Sex"]


def test_rows_of_two_breakdowns_at_once_are_left_out_and_counted(here):
    text = "code,period,sex,age,value\n" + "".join(
        f"{LUTON},2024,{sex},{age},{n}\n"
        for n, (sex, age) in enumerate(
            (s, a) for s in ("Persons", "F") for a in ("All ages", "0 to 4", "5 to 9")
        )
    )
    batch = save(here, text, breakdowns=[SEX, Breakdown("age", "Age")])
    assert (counts(batch), batch.rows_crossed) == ({"new": 4}, 2)
    assert set(of_groups(here)) == {
        (LUTON, "", "2024"),
        (LUTON, "Age: 0 to 4", "2024"),
        (LUTON, "Age: 5 to 9", "2024"),
        (LUTON, "Sex: F", "2024"),
    }


@pytest.mark.parametrize(
    ("total", "cells", "saved"),
    [
        (IS + "19+ yrs", ("19+ yrs", "20 to 30"), {"", "Age: 20 to 30"}),
        (EMPTY_CELL, ("", "20 to 30"), {"", "Age: 20 to 30"}),
        (NO_TOTAL, ("Total", "20 to 30"), {"Age: Total", "Age: 20 to 30"}),
    ],
)
def test_what_means_everybody_can_be_said(here, total, cells, saved):
    text = "code,period,age,value\n" + "".join(f"{LUTON},2024,{cell},{n}\n" for n, cell in enumerate(cells))
    save(here, text, breakdowns=[Breakdown("age", "Age", total=total)])
    assert {group for _, group, _ in of_groups(here)} == saved


def test_a_row_without_a_group_is_refused_rather_than_taken_for_everybody(here):
    batch = check(here, f"code,period,sex,value\n{LUTON},2024,,5\n{LUTON},2024,Total,6\n", breakdowns=[SEX])
    assert counts(batch) == {"new": 1, "refused": 1}
    assert "group is empty" in reasons(batch)[2]
    assert batch.rows.get(verdict="refused").refusal == "group"


def test_an_empty_cell_below_a_group_means_it_where_one_fills_down(here):
    text = f"code,period,sex,value\n{LUTON},2023,Girls,5\n,2024,,6\n"
    save(here, text, breakdowns=[SEX], fill_down=True)
    assert set(of_groups(here)) == {(LUTON, "Sex: Girls", "2023"), (LUTON, "Sex: Girls", "2024")}


def test_a_column_for_each_group(here):
    text = f"code,period,All,Sex | Girls,Sex | Boys\n{LUTON},2024,5,4,\n{ENGLAND},2024,7,6,8\n"
    mapping = {"layout": GROUPS, "value_column": "All", "group_dimension": "Sex",
               "group_columns": ["Sex | Girls", "Sex | Boys"]}  # fmt: skip
    batch = save(here, text, **mapping)
    assert of_groups(here) == {
        (LUTON, "", "2024"): 5,
        (LUTON, "Sex: Girls", "2024"): 4,
        (ENGLAND, "", "2024"): 7,
        (ENGLAND, "Sex: Girls", "2024"): 6,
        (ENGLAND, "Sex: Boys", "2024"): 8,
    }
    assert counts(batch) == {"new": 5}
    assert counts(check(here, text, **mapping)) == {"unchanged": 5}


def test_a_column_for_each_period_with_a_column_of_groups(here):
    text = f"code,sex,2022,2023\n{LUTON},Total,1,2\n{LUTON},Girls,3,4\n"
    save(here, text, layout=WIDE, period_columns=["2022", "2023"], breakdowns=[SEX])
    assert of_groups(here) == {
        (LUTON, "", "2022"): 1,
        (LUTON, "", "2023"): 2,
        (LUTON, "Sex: Girls", "2022"): 3,
        (LUTON, "Sex: Girls", "2023"): 4,
    }


def test_two_rows_that_differ_for_one_group_are_refused_and_those_of_another_are_not(here):
    text = SEXES + f"{LUTON},2023/24,Girls,1\n"
    batch = check(here, text, breakdowns=[SEX])
    assert counts(batch) == {"new": 5, "refused": 2}


def test_an_imports_groups_leave_what_partners_recorded_alone(here):
    """A figure of an organisation's part stands beside the place's own, and is none of an import's business."""
    save(here, SEXES, breakdowns=[SEX])
    row = Observation.objects.get(group__name="Girls", place__code=LUTON)
    row.pk, row.organisation, row.value = None, here.partnership.memberships.first().organisation, 1
    row.save()
    assert counts(check(here, SEXES, breakdowns=[SEX])) == {"unchanged": 6}


def test_a_file_of_far_too_many_groups():
    finder = GroupFinder([KnownGroup(7, "Sex", "Girls")])
    assert finder.find("sex", " GIRLS ") == 7
    for n in range(MOST_GROUPS - 1):
        assert finder.find("id", f"person {n}") == -2 - n
    with pytest.raises(Unclear, match="more than 500 groups"):
        finder.find("id", "one more")
    assert finder.find("id", "Person 3") == -5
    with pytest.raises(Unclear, match="too long"):
        finder.find("Sex", "x" * 121)


def guessed(text, **more):
    return guess(layout(text), percent=True, **more)


def test_the_guess_knows_breakdowns_of_people_and_fixes_other_columns_to_their_total():
    text = "la_code,time_period,sex,age_group,school_type,pc\n" + "".join(
        f"{LUTON},202324,{sex},{age},{school},1.5\n"
        for sex in ("Total", "Female", "Male")
        for age in ("Total", "0 to 4")
        for school in ("Total", "Primary")
    )
    mapping = guessed(text)
    assert mapping.breakdowns == [
        Breakdown("sex", "Sex", total="is:Total"),
        Breakdown("age_group", "Age group", total="is:Total"),
    ]
    assert mapping.filters == [["school_type", "Total"]]
    assert guessed(text, dimensions=["School type"]).breakdowns[2].dimension == "School type"


def test_the_guess_knows_a_column_that_names_breakdowns():
    text = (
        "la_code,time_period,breakdown_topic,breakdown,pc\n"
        f"{LUTON},2024,All plans,All plans,50\n{LUTON},2024,Sex,Female,40\n{LUTON},2024,Ethnicity,Unknown,30\n"
    )
    mapping = guessed(text)
    assert mapping.breakdowns == [Breakdown("breakdown", topic="breakdown_topic", total="is:All plans")]
    assert mapping.filters == []


def test_groups_of_several_breakdowns_in_one_column(here):
    text = (
        "code,period,topic,who,value\n"
        f"{LUTON},2024,Total,Total,50\n{LUTON},2024,Sex,Unknown,40\n{LUTON},2024,age_group,Unknown,30\n{LUTON},2024,,Unknown,2\n"
    )
    batch = save(here, text, breakdowns=[Breakdown("who", topic="topic")])
    assert {group for _, group, _ in of_groups(here)} == {"", "Sex: Unknown", "Age group: Unknown"}
    assert "does not say of which breakdown" in reasons(batch)[5]


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"breakdowns": [Breakdown("value", "Sex")]}, "group_1", "chosen for something else"),
        ({"breakdowns": [SEX, Breakdown("age", "SEX")]}, "group_2_name", "Two breakdowns are called"),
        ({"breakdowns": [SEX, SEX]}, "group_2", "chosen for something else"),
        ({"breakdowns": [Breakdown("sex", "s" * 81)]}, "group_1_name", "80 characters"),
        ({"breakdowns": [SEX], "filters": [["sex", "Total"]]}, "group_1", "lets only Total through"),
        ({"layout": GROUPS, "group_dimension": "Sex"}, "group_columns", "columns that each hold a group"),
        ({"layout": GROUPS, "group_columns": ["age"]}, "group_dimension", "what these groups are"),
    ],
)
def test_choices_of_groups_that_do_not_go_together(here, more, field, says):
    reading = layout(f"code,period,sex,age,value\n{LUTON},2024,Total,Total,5\n{LUTON},2024,F,Total,5\n")
    mapping = Mapping(
        **{"place_columns": ["code"], "period_column": "period", "value_column": "value"} | more
    )
    with pytest.raises(DomainError, match=says) as refused:
        check_mapping(partnership=here.partnership, measure=here.measure, reading=reading, mapping=mapping)
    assert refused.value.field == field


def test_from_upload_to_saved_in_the_browser_and_the_recipe_knows_it_next_year(here, client):
    client.force_login(here.officer)
    batch_url = send_file(client, SEXES).url
    page = client.get(batch_url).content.decode()
    assert "What these groups are" in page
    assert 'value="Sex"' in page
    sent = choices(here.measure, group_1="sex", group_1_name="Sex", group_1_total="2=Total")
    preview = client.post(batch_url, sent, follow=True).content.decode()
    assert "Saving makes 2 new groups." in preview
    assert "Girls (new here)" in preview
    assert "Sex: Girls" in preview  # row by row
    batch = ImportBatch.objects.get()
    client.post(url("import-confirm", batch.pk))
    assert len(of_groups(here)) == 6
    detail = client.get(url("import-detail", batch.pk)).content.decode()
    assert "Figures by group" in detail
    next_year = client.post(
        url("import-new"), {"file": _file(SEXES.replace("2023/24", "2024/25"))}, follow=True
    )
    assert "Save 6 figures" in next_year.content.decode()
    assert "new here" not in next_year.content.decode()


def _file(text):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("figures.csv", text.encode())


def test_a_total_of_another_column_is_refused_beside_its_field(here, client):
    client.force_login(here.officer)
    batch = upload(here, SEXES)
    sent = choices(here.measure, group_1="sex", group_1_total=f"0={LUTON}")
    answer = client.post(url("import-map", batch.pk), sent)
    assert "Select a value of “sex”." in answer.content.decode()
    assert not standing(here)
