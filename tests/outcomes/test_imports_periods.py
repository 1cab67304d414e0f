"""What one cell of a column of periods says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.imports.errors import Unclear
from outcomes.imports.periods import (
    ACADEMIC,
    CALENDAR,
    FINANCIAL,
    MONTH,
    QUARTER,
    SURVEY,
    YEAR,
    label_of,
    parse_period,
)


def days(text, **how):
    found = parse_period(text, **how)
    return found.start.isoformat(), found.end.isoformat(), found.label


@pytest.mark.parametrize(
    "written",
    ["2015/16", "2015-16", "2015/2016", "2015-2016", "2015–16", "201516", "2015 / 16", "FY 2015/16", "FY2015-16", "Financial year 2015/16",
     "2015/16 financial year", "Apr 2015 to Mar 2016", "Year ending March 2016", "12 months to Mar-16", "1 April 2015 to 31 March 2016",
     "year ending 31 March 2016", "31/03/2016", "2015-04-01"],
)  # fmt: skip
def test_the_ways_to_write_a_financial_year(written):
    assert days(written) == ("2015-04-01", "2016-03-31", "2015/16")


@pytest.mark.parametrize(
    ("year_type", "expected"),
    [
        (FINANCIAL, ("2015-04-01", "2016-03-31", "2015/16")),
        (ACADEMIC, ("2015-09-01", "2016-08-31", "2015/16")),
        (SURVEY, ("2015-11-16", "2016-11-15", "2015/16")),
    ],
)
def test_what_a_year_that_spans_two_means_is_chosen(year_type, expected):
    assert days("2015/16", year_type=year_type) == expected


@pytest.mark.parametrize(
    ("written", "how", "expected"),
    [
        ("2024", {}, ("2024-01-01", "2024-12-31", "2024")),
        ("2024", {"year_type": FINANCIAL}, ("2024-04-01", "2025-03-31", "2024/25")),
        ("2024", {"year_type": ACADEMIC}, ("2024-09-01", "2025-08-31", "2024/25")),
        ("1999/00", {}, ("1999-04-01", "2000-03-31", "1999/00")),
        ("Academic year 2023-24", {}, ("2023-09-01", "2024-08-31", "2023/24")),
        ("2019-21", {}, ("2019-01-01", "2021-12-31", "2019 to 2021")),
        ("2019 to 2021", {}, ("2019-01-01", "2021-12-31", "2019 to 2021")),
        ("2018/19 to 2020/21", {}, ("2018-04-01", "2021-03-31", "2018/19 to 2020/21")),
        ("Year ending June 2024", {}, ("2023-07-01", "2024-06-30", "Jul 2023 to Jun 2024")),
        ("30 June 2024", {}, ("2024-06-30", "2024-06-30", "30 June 2024")),
        ("31 August 2024", {}, ("2023-09-01", "2024-08-31", "2023/24")),
        ("as at 31 December 2024", {}, ("2024-01-01", "2024-12-31", "2024")),
        ("Q1 2024-25", {"frequency": QUARTER}, ("2024-04-01", "2024-06-30", "Apr to Jun 2024")),
        ("2024-25 Q4", {"frequency": QUARTER}, ("2025-01-01", "2025-03-31", "Jan to Mar 2025")),
        ("2024 Q1", {"frequency": QUARTER}, ("2024-01-01", "2024-03-31", "Jan to Mar 2024")),
        ("Q1 2024", {"frequency": QUARTER, "year_type": FINANCIAL}, ("2024-04-01", "2024-06-30", "Apr to Jun 2024")),
        ("Quarter 2 2024/25", {"frequency": QUARTER, "year_type": ACADEMIC}, ("2024-12-01", "2025-02-28", "Dec 2024 to Feb 2025")),
        ("Apr to Jun 2024", {"frequency": QUARTER}, ("2024-04-01", "2024-06-30", "Apr to Jun 2024")),
        ("April – June 2024", {"frequency": QUARTER}, ("2024-04-01", "2024-06-30", "Apr to Jun 2024")),
        ("Oct to Jan 2025", {"frequency": QUARTER}, ("2024-10-01", "2025-01-31", "Oct 2024 to Jan 2025")),
        ("3 months to June 2024", {"frequency": QUARTER}, ("2024-04-01", "2024-06-30", "Apr to Jun 2024")),
        ("30/06/2024", {"frequency": QUARTER}, ("2024-04-01", "2024-06-30", "Apr to Jun 2024")),
        ("Jan-24", {"frequency": MONTH}, ("2024-01-01", "2024-01-31", "January 2024")),
        ("Sept 2024", {"frequency": MONTH}, ("2024-09-01", "2024-09-30", "September 2024")),
        ("2024 Feb", {"frequency": MONTH}, ("2024-02-01", "2024-02-29", "February 2024")),
        ("2024-01", {"frequency": MONTH}, ("2024-01-01", "2024-01-31", "January 2024")),
        ("202401", {"frequency": MONTH}, ("2024-01-01", "2024-01-31", "January 2024")),
        ("01/2024", {"frequency": MONTH}, ("2024-01-01", "2024-01-31", "January 2024")),
        ("15/01/2024", {"frequency": MONTH}, ("2024-01-01", "2024-01-31", "January 2024")),
        ("2024-01-01 00:00:00", {"frequency": MONTH}, ("2024-01-01", "2024-01-31", "January 2024")),
    ],
)  # fmt: skip
def test_periods(written, how, expected):
    assert days(written, **how) == expected


def test_2011_12_is_a_month_only_where_the_measure_is_monthly():
    assert days("2011-12", frequency=YEAR)[2] == "2011/12"
    assert days("2011-12", frequency=MONTH)[2] == "December 2011"
    assert days("2011/12", frequency=MONTH)[2] == "December 2011"


@pytest.mark.parametrize(
    ("written", "identifier", "frequency", "label"),
    [
        ("202425", "Academic year", YEAR, "2024/25"),
        ("2024", "Calendar year", YEAR, "2024"),
        ("202425", "Financial year", YEAR, "2024/25"),
        ("202425", "Financial year Q2", QUARTER, "Jul to Sep 2024"),
        ("2024", "January", MONTH, "January 2024"),
        ("202425", "Autumn term", QUARTER, "Sep to Dec 2024"),
        ("202425", "Spring term", QUARTER, "Jan to Mar 2025"),
        ("2024", "Reporting year", YEAR, "2024"),
    ],
)
def test_a_second_column_may_say_what_kind_of_period(written, identifier, frequency, label):
    assert days(written, identifier=identifier, frequency=frequency)[2] == label


@pytest.mark.parametrize(
    ("written", "how", "expected"),
    [
        ("24/25", {}, ("2024-04-01", "2025-03-31", "2024/25")),
        ("98/99", {}, ("1998-04-01", "1999-03-31", "1998/99")),
        ("99/00", {}, ("1999-04-01", "2000-03-31", "1999/00")),
        ("97-98", {"year_type": ACADEMIC}, ("1997-09-01", "1998-08-31", "1997/98")),
        ("98/99 to 00/01", {}, ("1998-04-01", "2001-03-31", "1998/99 to 2000/01")),
        ("Dec-99", {"frequency": MONTH}, ("1999-12-01", "1999-12-31", "December 1999")),
        ("FY 24/25", {}, ("2024-04-01", "2025-03-31", "2024/25")),
        ("Q4 24/25", {"frequency": QUARTER}, ("2025-01-01", "2025-03-31", "Jan to Mar 2025")),
        ("Apr-Jun 2024/25", {"frequency": QUARTER}, ("2024-04-01", "2024-06-30", "Apr to Jun 2024")),
        ("Jan to Mar 2024/25", {"frequency": QUARTER}, ("2025-01-01", "2025-03-31", "Jan to Mar 2025")),
        ("2024 Oct-Dec", {"frequency": QUARTER}, ("2024-10-01", "2024-12-31", "Oct to Dec 2024")),
        (
            "Three months to June 2024",
            {"frequency": QUARTER},
            ("2024-04-01", "2024-06-30", "Apr to Jun 2024"),
        ),
        ("Financial year ending March 2024", {}, ("2023-04-01", "2024-03-31", "2023/24")),
        ("Academic year 2023 to 2024", {}, ("2023-09-01", "2024-08-31", "2023/24")),
        ("2023 to 2024", {"year_type": FINANCIAL}, ("2023-04-01", "2024-03-31", "2023/24")),
        ("2023-24 full year", {}, ("2023-04-01", "2024-03-31", "2023/24")),
        ("2024M01", {"frequency": MONTH}, ("2024-01-01", "2024-01-31", "January 2024")),
        ("Autumn term 2023", {"frequency": "period"}, ("2023-09-01", "2023-12-31", "Sep to Dec 2023")),
        ("Spring term 2024", {"frequency": "period"}, ("2024-01-01", "2024-03-31", "Jan to Mar 2024")),
        ("2023/24", {"frequency": "period"}, ("2023-04-01", "2024-03-31", "2023/24")),
        ("45382", {"serials": True}, ("2023-04-01", "2024-03-31", "2023/24")),
        ("45383", {"serials": True, "frequency": MONTH}, ("2024-04-01", "2024-04-30", "April 2024")),
    ],
)
def test_more_ways_to_write_a_period(written, how, expected):
    assert days(written, **how) == expected


@pytest.mark.parametrize(
    ("written", "status"),
    [("2023/24 [note 2]", ""), ("2023/24 (provisional)", "provisional"), ("2023/24 [p]", "provisional"), ("2023/24 [r]", "revised"), ("2023/24 [1]", "")],
)  # fmt: skip
def test_a_note_behind_a_period_may_say_what_its_figures_are(written, status):
    found = parse_period(written)
    assert (found.label, found.status) == ("2023/24", status)


def test_a_second_column_decides_what_the_year_means():
    assert days("202425", identifier="Academic year")[0] == "2024-09-01"
    assert days("202425", identifier="Financial year")[0] == "2024-04-01"


@pytest.mark.parametrize(
    ("written", "how", "because"),
    [
        ("", {}, "The period is empty"),
        ("Total", {}, "not a period that is known"),
        ("15/17", {}, "not a period that is known"),
        ("11/12", {"frequency": MONTH}, "not a period that is known"),
        ("2023 to 2024", {}, "could be one year that spans both or the two years"),
        ("Autumn and spring term 2023", {"frequency": MONTH}, "does not say which school year"),
        ("45383", {}, "not a period that is known"),
        ("2023/24 [x]", {}, "not a period that is known"),
        ("2016/15", {}, "not a period that is known"),
        ("2015/18", {}, "not a period that is known"),
        ("Easter 2023", {}, "not a period that is known"),
        ("Q5 2024", {"frequency": QUARTER}, "not a period that is known"),
        ("2024-13", {"frequency": MONTH}, "not a period that is known"),
        ("24-Jan", {"frequency": MONTH}, "day of a month or a month of a year"),
        ("31/02/2024", {}, "not a date of the calendar"),
        ("05/13/2024", {}, "not a date of the calendar"),
        ("2015/16", {"year_type": CALENDAR}, "spans two calendar years"),
        ("Q1 2024-25", {}, "shorter than a period of this yearly measure"),
        ("Jan-24", {"frequency": QUARTER}, "shorter than a period of this quarterly measure"),
        ("15 May 2024", {"frequency": QUARTER}, "neither the first nor the last day"),
        ("1 May 2024 to 1 April 2024", {}, "ends before it starts"),
        ("1066", {}, "too far from today"),
        ("202425", {"identifier": "Week 12"}, "not a period that is known"),
    ],
)
def test_what_is_unclear_is_refused_with_the_reason(written, how, because):
    with pytest.raises(Unclear, match=because) as refused:
        parse_period(written, **how)
    assert refused.value.refusal == "period"


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.sampled_from([YEAR, QUARTER, MONTH]))
def test_a_label_reads_back_as_its_own_period(day, frequency):
    """What is shown for a period is understood as that period, so that a downloaded table can be uploaded."""
    year = day.year
    start, end = {
        YEAR: (date(year, 4, 1), date(year + 1, 3, 31)),
        QUARTER: (date(year, 7, 1), date(year, 9, 30)),
        MONTH: (date(year, 3, 1), date(year, 3, 31)),
    }[frequency]
    found = parse_period(label_of(start, end), frequency=frequency)
    assert (found.start, found.end) == (start, end)


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_is_refused_in_words(text):
    try:
        found = parse_period(text)
    except Unclear as refused:
        found, said = None, str(refused)
    assert said.endswith(".") if found is None else found.start <= found.end and len(found.label) <= 40
