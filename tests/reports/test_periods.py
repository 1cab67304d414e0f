import itertools
from datetime import date

import pytest

from reports.queries.periods import Period, last_complete, period_of, recent_periods


@pytest.mark.parametrize(
    ("frequency", "day", "start", "end"),
    [
        ("month", date(2026, 11, 22), date(2026, 11, 1), date(2026, 11, 30)),
        ("month", date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29)),
        ("quarter", date(2026, 11, 22), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_the_period_in_which_a_day_lies(frequency, day, start, end):
    assert period_of(frequency, day) == Period(start, end)


def test_the_last_complete_period_ended_before_today():
    assert last_complete("month", date(2026, 1, 1)) == Period(date(2025, 12, 1), date(2025, 12, 31))
    assert last_complete("quarter", date(2026, 1, 1)) == Period(date(2025, 10, 1), date(2025, 12, 31))


def test_recent_periods_follow_one_another_without_gap():
    periods = recent_periods("quarter", date(2026, 11, 22), count=5)
    assert len(periods) == 5
    for newer, older in itertools.pairwise(periods):
        assert (newer.start - older.end).days == 1


def test_periods_in_words():
    assert Period(date(2026, 10, 1), date(2026, 10, 31)).words == "October 2026"
    assert Period(date(2026, 7, 1), date(2026, 9, 30)).words == "July to September 2026"
    assert Period(date(2026, 10, 1), date(2027, 3, 31)).words == "October 2026 to March 2027"
