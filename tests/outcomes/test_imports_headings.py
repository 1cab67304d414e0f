"""Where the headings of a table lie, and what its columns seem to hold."""

import csv
import io

import pytest

from outcomes.imports.errors import Unreadable
from outcomes.imports.files import CSV, csv_rows, examine
from outcomes.imports.groups import Breakdown
from outcomes.imports.mapping import WIDE, Mapping, guess
from outcomes.imports.table import find_headings, name_columns
from tests.outcomes.imports_world import layout, rows_of, workbook

TABLE = "code,period,value\nE06000032,2023/24,58.1\n"


# --- headings ---


def test_title_rows_above_the_headings_are_passed_over():
    found = layout(
        "Table 1: active adults\n\nSource: somebody\ncode,name,period,value\nE06000032,Luton,2023/24,58.1\nE92000001,England,2023/24,63\n"
    )
    assert (found.heading_row, found.heading_rows, found.headings) == (
        4,
        1,
        ["code", "name", "period", "value"],
    )


def test_headings_over_several_columns():
    rows = [
        ["Table 5"],
        [],
        ["", "", "2022/23", "", "2023/24", ""],
        ["Code", "Area", "Number", "%", "Number", "%"],
        ["E06000032", "Luton", "10", "5.1", "12", "6.2"],
        ["E92000001", "England", "1000", "4", "1100", "4.5"],
    ]
    assert find_headings(rows) == (3, 2)
    assert name_columns(rows[2:4]) == [
        "Code", "Area", "2022/23 | Number", "2022/23 | %", "2023/24 | Number", "2023/24 | %",
    ]  # fmt: skip


def test_a_merged_heading_of_a_workbook():
    def change(book):
        book["Data"].merge_cells("C1:D1")

    rows = [
        ["", "", "2023/24", None],
        ["Code", "Area", "Number", "%"],
        *[[f"E0600000{n}", "X", n, n / 2] for n in range(1, 9)],
    ]
    found = layout(workbook(("Data", rows), change=change))
    assert found.headings == ["Code", "Area", "2023/24 | Number", "2023/24 | %"]


def test_headings_that_are_the_same_or_missing_get_names_of_their_own():
    assert name_columns([["value", "value", "", "value", " a\n b "]]) == [
        "value",
        "value (2)",
        "Column 3",
        "value (3)",
        "a b",
    ]


def test_headings_can_be_chosen():
    found = layout("a,b,c\ncode,period,value\nE06000032,2023/24,58.1\n", heading_row=2, heading_rows=1)
    assert found.headings == ["code", "period", "value"]


@pytest.mark.parametrize("content", ["code,period,value\n", "code,period,value\n\n ,,\n"])
def test_headings_without_rows_are_refused(content):
    with pytest.raises(Unreadable, match="headings, but no rows"):
        layout(content)


def test_headings_chosen_beyond_the_end_are_refused():
    with pytest.raises(Unreadable, match="No headings were found"):
        layout(TABLE, heading_row=50)


# --- guesses ---


def test_a_guess_from_headings_and_values():
    found = guess(layout(
        "Area Code,Area Name,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Denominator,Sex\n"
        + "E06000032,Luton,2023/24,58.1,55,61,100,172,Persons\nE06000032,Luton,2022/23,57.1,54,60,98,171,Male\n" * 3
    ))  # fmt: skip
    assert (found.place_columns, found.period_column, found.value_column) == (
        ["Area Code"],
        "Time period",
        "Value",
    )
    assert (found.lower_column, found.upper_column) == ("Lower CI 95.0 limit", "Upper CI 95.0 limit")
    assert (found.numerator_column, found.denominator_column) == ("Count", "Denominator")
    assert found.breakdowns == [Breakdown("Sex", "Sex", total="is:Persons")]


def test_a_guess_for_a_column_for_each_period():
    found = guess(
        layout("Code,Area,2022/23,2023/24\n" + "E06000032,Luton,57,58\nE92000001,England,63,64\n" * 3)
    )
    assert (found.layout, found.period_columns) == (WIDE, ["2022/23", "2023/24"])


def test_of_two_columns_for_each_period_a_percentage_takes_the_percentages():
    text = ",,2022/23,,2023/24,\nCode,Area,Number,%,Number,%\n" + "E06000032,Luton,10,5.1,12,6.2\n" * 3
    assert guess(layout(text), percent=True).period_columns == ["2022/23 | %", "2023/24 | %"]


def test_a_guess_for_the_layout_of_education_statistics():
    found = guess(layout(
        "time_period,time_identifier,geographic_level,country_code,region_code,new_la_code,la_name,pc_in_time\n"
        "202425,Academic year,National,E92000001,,,,50.1\n202425,Academic year,Regional,E92000001,E12000006,,,51\n"
        "202425,Academic year,Local authority,E92000001,E12000006,E06000032,Luton,52\n"
    ), percent=True)  # fmt: skip
    assert found.place_columns == ["new_la_code", "region_code", "country_code"]
    assert (found.level_column, found.period_note_column) == ("geographic_level", "time_identifier")
    assert found.value_column == "pc_in_time"


def test_the_measures_name_tells_columns_apart():
    text = (
        "code,year,children_active,children_asked\n" + "E06000032,2024,55.1,100\nE92000001,2024,50,1000\n" * 3
    )
    assert guess(layout(text), measure="Active children").value_column == "children_active"
    assert guess(layout(text), measure="Something else").value_column == ""


def test_shares_of_one_are_noticed_for_a_percentage():
    text = "code,period,value\n" + "".join(f"E0600000{n},2023/24,0.{n}5\n" for n in range(1, 9))
    assert guess(layout(text), percent=True).times_100
    assert not guess(layout(text), percent=False).times_100


def test_a_recipe_fits_only_files_with_its_columns_and_its_indicator():
    text = "code,period,indicator,value\nE06000032,2023/24,{},58\nE92000001,2023/24,{},60\n"
    active = layout(text.format("active", "active"))
    recipe = Mapping.from_json(guess(active).to_json())
    assert recipe.filters == [["indicator", "active"]]
    assert recipe.fits(active)
    assert not recipe.fits(layout(text.format("inactive", "inactive")))
    assert not recipe.fits(layout(TABLE))


def test_a_mapping_survives_being_kept_and_ignores_what_it_does_not_know():
    mapping = Mapping(place_columns=["a"], filters=[["b", "c"]])
    assert Mapping.from_json({**mapping.to_json(), "of_a_later_version": 1}) == mapping


def test_constant_memory_for_a_long_file():
    """Rows are handed over one by one: taking a few reads only the beginning."""
    content = io.BytesIO(b"code,value\n" + b"E06000032,5\n" * 200_000)
    rows = csv_rows(content, "utf-8", ",")
    assert [next(rows) for _ in range(3)][2] == ["E06000032", "5"]
    assert content.tell() < 200_000


def test_a_written_csv_is_read_back_whole():
    kept = io.StringIO()
    written = [["code", "name"], ["E1", 'a "quoted", name'], ["E2", "line\nbreak"], ["", "x"]]
    csv.writer(kept).writerows(written)
    assert rows_of(kept.getvalue()) == written
    assert examine(io.BytesIO(kept.getvalue().encode())).kind == CSV
