"""A measure's figures by year: what is made, what is missing, what is hidden."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from outcomes.actions.observations import record_observation
from outcomes.actions.setting_up import add_measure, add_outcome
from outcomes.models import MeasureKind
from outcomes.queries.rollup import by_year
from outcomes.queries.series import series_for
from outcomes.renderers.rollup import year_table
from partnerships.models import Calendar, Programme, ProgrammePeriod

TODAY = date(2026, 6, 15)


@pytest.fixture
def here(world):
    world.outcome = add_outcome(partnership=world.partnership, title="Everyone moves more", by=world.manager)
    return world


def measure_of(here, rule, **more):
    facts = {"unit": "children", "decimals": 0, "direction": "up", "frequency": "month", "rule": rule} | more
    return add_measure(outcome=here.outcome, name=f"{rule} {len(more)}", **facts)


def tell(measure, place, year, month, value, top=None, bottom=None):
    record_observation(
        measure=measure,
        place=place,
        period_start=date(year, month, 1),
        period_end=date(year, month, monthrange(year, month)[1]),
        period_label=f"{date(year, month, 1):%B %Y}",
        value=None if value is None else Decimal(value),
        marker="x" if value is None else "",
        numerator=None if top is None else Decimal(top),
        denominator=None if bottom is None else Decimal(bottom),
        by=None,
    )


def years(measure, place):
    series = series_for([measure], [place.pk], as_of=timezone.now())[measure.pk, place.pk]
    return by_year(measure, series, today=TODAY), series


def test_months_make_a_financial_year_and_the_missing_are_named(here):
    measure = measure_of(here, "sum")
    for n in range(12):
        if n != 5:
            tell(measure, here.place, 2025 + (n > 8), (n + 3) % 12 + 1, None if n == 6 else 10)
    tell(measure, here.place, 2026, 4, 7)
    (now, last), _ = years(measure, here.place)
    assert (last.label, last.text, last.starts_on) == ("2025/26", "100 children", date(2025, 4, 1))
    assert last.note == "Without September 2025, October 2025 (not available)."
    assert (now.label, now.text, now.note) == ("2026/27 so far", "7 children", "Without May 2026.")


def test_a_hidden_month_is_not_in_the_sum(here):
    measure = measure_of(here, "sum", hide_below=5)
    for month, value in ((4, 20), (5, 3)):
        tell(measure, here.place, 2026, month, value)
    (now,), _ = years(measure, here.place)
    assert (now.value, now.missing) == (20, ("May 2026 (hidden)",))


def test_percentages_are_put_together_from_what_they_are_of(here):
    measure = measure_of(here, "ratio_of_sums", unit="%", decimals=1)
    tell(measure, here.place, 2026, 4, 50, 5, 10)
    tell(measure, here.place, 2026, 5, "33.3", 30, 90)
    (now,), _ = years(measure, here.place)
    assert (now.text, now.is_whole) == ("35.0%", True)


def test_unique_counts_have_no_year_and_no_table(here):
    measure = measure_of(here, "unique_count")
    for month in (4, 5):
        tell(measure, here.place, 2026, month, 30)
    (now,), series = years(measure, here.place)
    assert (now.value, now.text) == (None, "No total")
    assert "cannot be added" in now.note
    assert year_table(measure, series, today=TODAY) is None


def test_the_rule_of_its_own_counts_and_yearly_figures_stay_as_they_are(here):
    measure = measure_of(here, "unique_count", rule_across_periods="max")
    for month, value in ((4, 30), (5, 12)):
        tell(measure, here.place, 2026, month, value)
    (now,), series = years(measure, here.place)
    assert now.value == 30
    assert year_table(measure, series, today=TODAY)["rows"][0]["text"] == "30 children"
    yearly = measure_of(here, "sum", frequency="year")
    tell(yearly, here.place, 2026, 4, 30)
    assert years(yearly, here.place)[0] == []


def test_a_holiday_without_a_figure_is_named_and_what_is_provisional_says_so(here):
    measure = measure_of(here, "sum", frequency="period")
    measure.programme, measure.kind = here.programme, MeasureKind.PERFORMANCE
    Programme.objects.filter(pk=here.programme.pk).update(calendar=Calendar.HOLIDAY)
    here.programme.refresh_from_db()
    measure.save()
    for name, month in (("Christmas", 12), ("Easter", 4), ("Half term", 5), ("Summer", 7)):
        first = date(2026 - (month == 12), month, 1)
        ProgrammePeriod.objects.create(
            partnership=here.partnership, programme=here.programme, name=name, starts_on=first, ends_on=first.replace(day=14), returns_due_on=first
        )  # fmt: skip
        if name in ("Christmas", "Easter"):
            record_observation(
                measure=measure, place=here.place, period_start=first, period_end=first.replace(day=14), period_label=name,
                value=Decimal(30), status="provisional" if name == "Easter" else "final", by=None,
            )  # fmt: skip
    (now,), series = years(measure, here.place)
    assert (now.value, now.missing, now.is_whole) == (60, ("Half term",), False)
    assert now.provisional
    assert year_table(measure, series, today=TODAY)["rows"][0] == {
        "label": "2025/26 so far",
        "text": "60 children (provisional)",
        "note": "Without Half term.",
    }
    (over,) = by_year(measure, series, today=date(2026, 9, 30))
    assert over.missing == ("Half term", "Summer")


def test_the_page_of_a_measure_shows_its_years(here, as_):
    measure = measure_of(here, "sum")
    for month in (4, 5, 6):
        tell(measure, here.place, 2025, month, 10)
    page = as_("observer").get(f"/p/{here.partnership.slug}/measures/{measure.slug}/").content.decode()
    assert "Its figures are added up." in page
    assert "30 children" in page
