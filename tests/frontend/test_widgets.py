"""Dates in three boxes, durations in two, and text whose length is counted the way people count."""

from __future__ import annotations

import datetime

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from config.forms import AffixInput, DateField, DurationField, LongText


class Dated(forms.Form):
    when = DateField(required=False)


class Lasting(forms.Form):
    took = DurationField(required=False)


def boxes(day: str, month: str, year: str) -> dict[str, str]:
    return {"when_day": day, "when_month": month, "when_year": year}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("27", "3", "2026"), (2026, 3, 27)),
        (("07", "09", "26"), (2026, 9, 7)),
        ((" 1 ", " Jan ", " 2026 "), (2026, 1, 1)),
        (("1st", "SEPT", "2026"), (2026, 9, 1)),
        (("22nd", "November", "2026"), (2026, 11, 22)),
        (("3rd", "Dec.", "1999"), (1999, 12, 3)),
        (("29", "feb", "2024"), (2024, 2, 29)),
    ],
)
def test_dates_are_read_the_way_people_write_them(
    typed: tuple[str, str, str], meant: tuple[int, int, int]
) -> None:
    form = Dated(boxes(*typed))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["when"] == datetime.date(*meant)


@pytest.mark.parametrize(
    "typed",
    [
        ("29", "2", "2026"),
        ("31", "4", "2026"),
        ("0", "1", "2026"),
        ("1", "13", "2026"),
        ("1", "Ju", "2026"),
        ("1", "Smarch", "2026"),
        ("1", "1", "226"),
        ("1", "1", "20266"),
        ("one", "1", "2026"),
        ("-1", "1", "2026"),
        ("1", "1", "-2026"),
        ("1.5", "1", "2026"),
    ],
)
def test_what_is_no_date_is_refused_and_kept(typed: tuple[str, str, str]) -> None:
    form = Dated(boxes(*typed))
    assert form.errors["when"] == ["Enter a real date, such as 27 3 2026"]
    html = str(form)
    for text in typed:
        assert f'value="{text}"' in html
    assert html.count("govuk-input--error") == 3


@pytest.mark.parametrize(
    ("typed", "message", "first"),
    [
        (("", "3", "2026"), "The date must include a day", "day"),
        (("27", "", "2026"), "The date must include a month", "month"),
        (("27", "", ""), "The date must include a month and a year", "month"),
    ],
)
def test_a_missing_part_is_named_and_marked(typed: tuple[str, str, str], message: str, first: str) -> None:
    form = Dated(boxes(*typed))
    assert form.errors["when"] == [message]
    assert form["when"].error_target == f"id_when_{first}"
    assert str(form).count("govuk-input--error") == typed.count("")


def test_empty_boxes_are_no_date_or_an_error_where_one_is_needed() -> None:
    assert Dated(boxes("", "", "")).is_valid()
    assert Dated({}).is_valid()

    class Needed(forms.Form):
        when = DateField()

    assert Needed(boxes("", "", "")).errors["when"] == ["Enter a date"]


def test_one_plain_value_is_taken_and_shown_in_the_boxes() -> None:
    form = Dated({"when": "2026-03-27"})
    assert form.is_valid()
    assert form.cleaned_data["when"] == datetime.date(2026, 3, 27)
    html = str(form)
    assert 'value="27"' in html
    assert 'value="3"' in html
    assert 'value="2026"' in html


def test_an_unchanged_date_has_not_changed() -> None:
    initial = {"when": datetime.date(2026, 3, 27)}
    assert not Dated(boxes("27", "March", "26"), initial=initial).has_changed()
    assert Dated(boxes("28", "3", "2026"), initial=initial).has_changed()
    assert Dated(boxes("28", "x", "2026"), initial=initial).has_changed()


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_any_date_comes_back_from_its_boxes(day: datetime.date) -> None:
    shown = DateField().widget.format_value(day)
    form = Dated(boxes(*shown))
    assert form.is_valid()
    assert form.cleaned_data["when"] == day


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_nothing_typed_into_a_date_breaks_the_page(day: str, month: str, year: str) -> None:
    form = Dated(boxes(day, month, year))
    form.is_valid()
    assert "govuk-date-input" in str(form)


@pytest.mark.parametrize(
    ("hours", "minutes", "total"),
    [
        ("1", "30", 90),
        ("", "90", 90),
        ("1.5", "", 90),
        ("1,5", "0", 90),
        ("0", "0", 0),
        ("", "", None),
        ("100", "", 6000),
    ],
)
def test_durations_become_minutes(hours: str, minutes: str, total: int | None) -> None:
    form = Lasting({"took_hours": hours, "took_minutes": minutes})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["took"] == total


@pytest.mark.parametrize(
    ("hours", "minutes", "message"),
    [
        ("two", "", "Hours and minutes must be numbers, such as 1 and 30"),
        ("-1", "", "Hours and minutes must be numbers, such as 1 and 30"),
        ("nan", "", "Hours and minutes must be numbers, such as 1 and 30"),
        ("inf", "", "Hours and minutes must be numbers, such as 1 and 30"),
        ("100", "1", "The time must be 100 hours or less"),
    ],
)
def test_what_is_no_duration_is_refused_and_kept(hours: str, minutes: str, message: str) -> None:
    form = Lasting({"took_hours": hours, "took_minutes": minutes})
    assert form.errors["took"] == [message]
    assert f'value="{hours}"' in str(form)
    assert 'aria-invalid="true"' in str(form)


@pytest.mark.parametrize(
    ("minutes", "shown"), [(90, ["1", "30"]), (60, ["1", ""]), (0, ["", "0"]), (45, ["", "45"])]
)
def test_minutes_are_shown_as_hours_and_minutes(minutes: int, shown: list[str]) -> None:
    html = str(Lasting(initial={"took": minutes}))
    for text in filter(None, shown):
        assert f'value="{text}"' in html
    assert html.count("value=") == len(list(filter(None, shown)))


def test_an_unchanged_duration_has_not_changed() -> None:
    assert not Lasting({"took_hours": "1", "took_minutes": "30"}, initial={"took": 90}).has_changed()
    assert Lasting({"took_hours": "2", "took_minutes": "30"}, initial={"took": 90}).has_changed()


def test_a_line_break_counts_as_one_character() -> None:
    class Noted(forms.Form):
        notes = forms.CharField(widget=LongText, max_length=5)

    assert Noted({"notes": "ab\r\ncd"}).is_valid()
    assert not Noted({"notes": "ab\r\ncde"}).is_valid()


def test_a_unit_stands_beside_its_box() -> None:
    class Priced(forms.Form):
        cost = forms.DecimalField(widget=AffixInput(prefix="£", suffix="a year"))

    html = str(Priced())
    assert html.index("£") < html.index("<input") < html.index("a year")
    assert 'class="govuk-input govuk-input--width-5"' in html
