"""Files as people keep them: guessed and read without a database, and refused with a word that helps."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from outcomes.actions.setting_up import add_group
from outcomes.imports.errors import Unreadable
from outcomes.imports.groups import Breakdown
from outcomes.imports.mapping import guess
from outcomes.imports.numbers import parse_number
from outcomes.imports.places import KnownPlace, PlaceFinder
from outcomes.imports.rows import MeasureFacts, RowReader
from outcomes.models import Frequency
from partnerships.models import Programme, ProgrammePeriod
from tests.outcomes.imports_world import check, counts, layout, prepare, rows_of, standing, workbook

LUTON, ENGLAND = "E06000032", "E92000001"
PLACES = [KnownPlace(1, "Luton", "local_authority", LUTON), KnownPlace(2, "England", "nation", ENGLAND)]


def read(content, *, frequency="year", percent=True):
    """What the guess makes of a file: (place, group, period, value or marker, why refused)."""
    reading = layout(content)
    mapping = guess(reading, percent=percent)
    reader = RowReader(mapping, reading.headings, PlaceFinder(PLACES), MeasureFacts(frequency, percent))
    found = list(reader.figures(rows_of(content)))
    names = {0: ""} | {number: f"{dim}: {name}" for number, (dim, name) in reader.groups.found.items()}
    return [(f.place_id, names[f.group], f.period_label, f.value or f.marker, f.refusal) for f in found]


def good(content, **more):
    return [row[:4] for row in read(content, **more) if not row[4]]


def test_three_rows_of_headings_with_the_first_columns_named_in_the_last():
    text = (
        "Table 1: Active adults\nSource: Sport England\n\n,,2022/23,,2023/24,\n,,Persons,Female,Persons,Female\ncode,name,%,%,%,%\n"
        f"{LUTON},Luton,57.1,55,58,56\n{ENGLAND},England,60,59,61,60\n"
        + f"{ENGLAND},England,60,59,61,60\n" * 3
        + "\nNotes\n"
    )
    assert layout(text).headings[2:4] == ["2022/23 | Persons | %", "2022/23 | Female | %"]
    assert good(text)[:2] == [(1, "", "2022/23", "57.1"), (1, "", "2023/24", "58")]


def test_a_first_row_of_markers_is_no_heading():
    text = f"code,period,\n{LUTON},2023,[c]\n{LUTON},2024,5\n"
    assert layout(text).heading_rows == 1


def test_units_behind_the_years_of_the_headings():
    text = f"Area code,Area,2022/23 (%),2023/24 (%)\n{LUTON},Luton,57.1%,58\n{ENGLAND},England,[c],60\n"
    assert good(text) == [(1, "", "2022/23", "57.1"), (1, "", "2023/24", "58"), (2, "", "2022/23", "c"), (2, "", "2023/24", "60")]  # fmt: skip


def test_decimal_commas_are_guessed():
    text = f"code;period;value\n{LUTON};2023;57,1\n{LUTON};2024;58,25\n{ENGLAND};2024;1.058,2\n"
    assert good(text) == [(1, "", "2023", "57.1"), (1, "", "2024", "58.25"), (2, "", "2024", "1058.2")]


def test_money_in_windows_letters():
    text = "Area,Period,Value\nLuton,2023 – 24,£1\u00a0234\nEngland,2023 – 24,£5\n".encode("cp1252")
    assert good(text, percent=False) == [(1, "", "2023/24", "1234"), (2, "", "2023/24", "5")]


def test_the_numbers_that_excel_keeps_for_days():
    text = f"Area code,Date,Value\n{LUTON},45382,5\n{LUTON},45016,6\n"
    assert good(text) == [(1, "", "2023/24", "5"), (1, "", "2022/23", "6")]
    # A column of counts of that size is no column of periods.
    assert guess(layout(f"Area code,People,Homes\n{LUTON},45382,5\n{ENGLAND},45016,6\n")).period_column == ""
    book = workbook(("Data", [["code", "Month", "value"], [LUTON, date(2024, 1, 1), 5], [LUTON, 45352, 7]]))
    assert good(book, frequency="month") == [(1, "", "January 2024", "5"), (1, "", "March 2024", "7")]


def test_codes_in_small_letters():
    assert good("code,period,value\ne06000032,2023,5\n") == [(1, "", "2023", "5")]


def test_a_column_each_for_girls_and_boys_is_guessed():
    text = f"Area code,Period,All pupils,Girls,Boys\n{LUTON},2023/24,5,4,6\n{ENGLAND},2023/24,7,6,8\n"
    assert good(text)[:3] == [(1, "", "2023/24", "5"), (1, "Sex: Girls", "2023/24", "4"), (1, "Sex: Boys", "2023/24", "6")]  # fmt: skip


def test_a_file_of_the_public_health_profiles_with_its_categories():
    head = "Indicator ID,Indicator Name,Area Code,Sex,Age,Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit\n"
    rows = "".join(
        f"93014,Active adults,{ENGLAND},Persons,19+ yrs,{kind},{name},2023/24,{value},50,70\n"
        for kind, name, value in (
            ("", "", 60),
            ("Deprivation quintiles in England", "Most deprived quintile", 52),
            ("Ethnic groups", "White", 61),
        )
    )
    assert good(head + rows) == [
        (2, "", "2023/24", "60"),
        (2, "Deprivation quintiles in England: Most deprived quintile", "2023/24", "52"),
        (2, "Ethnic groups: White", "2023/24", "61"),
    ]


@pytest.mark.parametrize(
    ("cell", "text", "marker"),
    [
        ("<5", "", "c"),
        ("fewer than 10", "", "c"),
        ("1 to 4", "", "c"),
        ("<0.1", "0", "low"),
        ("5 per cent", "5", ""),
        ("5.5 [note 3]", "5.5", ""),
        ("12% (note 1, 2)", "12", ""),
        ("no data", "", "x"),
        ("[u]", "", "x"),
    ],
)
def test_more_that_a_cell_may_say(cell, text, marker):
    found = parse_number(cell, percent=True)
    assert (found.text, found.marker) == (text, marker)


def zipped(**parts):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), r"OpenDocument spreadsheet \(\.ods\)"),
        (zipped(word__document_dot_xml="<a/>"), "a Word document"),
        (zipped(xl__workbook_dot_bin="x"), r"binary Excel workbook \(\.xlsb\)"),
        (zipped(data_dot_csv="a,b"), "compressed folder"),
        (b'{"rows": []}', "JSON"),
        (b'\xef\xbb\xbf[{"a": 1}]', "JSON"),
        (",".join(f"c{n}" for n in range(20_000)).encode() + b"\n1\n", "more than 2,000 columns"),
        (b"code,period,value\n", "no rows below"),
    ],
)  # fmt: skip
def test_other_kinds_of_file_are_called_by_their_name(content, says):
    with pytest.raises(Unreadable, match=says):
        layout(content)


@pytest.fixture
def here(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return prepare(world)


def test_a_programmes_own_periods_go_by_their_names(here):
    programme = Programme.objects.create(
        partnership=here.partnership, name="Odd club", kind="haf", calendar="holiday"
    )
    ProgrammePeriod.objects.create(
        partnership=here.partnership,
        programme=programme,
        name="Easter 2026",
        starts_on=date(2026, 3, 30),
        ends_on=date(2026, 4, 10),
        returns_due_on=date(2026, 5, 1),
    )
    here.measure.programme, here.measure.kind, here.measure.frequency = (
        programme,
        "performance",
        Frequency.PERIOD,
    )
    here.measure.unit = "children"
    here.measure.save()
    text = f"code,period,value\n{LUTON},easter 2026,412\n{LUTON},Easter 2019,5\n"
    assert guess(layout(text)).period_column == "period"
    batch = check(here, text)
    assert counts(batch) == {"new": 1, "refused": 1}
    row = batch.rows.get(verdict="new")
    assert (row.period_label, row.period_start, row.period_end) == (
        "Easter 2026",
        date(2026, 3, 30),
        date(2026, 4, 10),
    )
    wide = f"code,Easter 2026\n{LUTON},412\n"
    assert counts(check(here, wide, layout="wide", period_columns=["Easter 2026"])) == {"new": 1}
    assert standing(here) == {}


def test_a_group_whose_name_holds_what_a_database_would_trip_over(here):
    add_group(partnership=here.partnership, dimension="Sex", name="Girls")
    odd = "Tab\\t and 'quotes' and ünï 🙂"
    batch = check(
        here,
        f'code,period,sex,value\n{LUTON},2024,"{odd}",5\n{LUTON},2024,{"x" * 200},5\n',
        breakdowns=[Breakdown("sex", "Sex")],
    )
    assert counts(batch) == {"new": 1, "refused": 1}
    assert [one["name"] for one in batch.groups] == [odd]
