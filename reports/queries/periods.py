"""The months and quarters that reports are made for."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from partnerships.models import ReportFrequency


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included."""

    start: date
    end: date

    @property
    def words(self) -> str:
        """October 2026, or July to September 2026, or October 2026 to March 2027."""
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start:%B %Y}"
        if self.start.year == self.end.year:
            return f"{self.start:%B} to {self.end:%B %Y}"
        return f"{self.start:%B %Y} to {self.end:%B %Y}"


def period_of(frequency: ReportFrequency | str, day: date) -> Period:
    """The month, or the quarter of the calendar year, in which a day lies."""
    first = day.month if frequency == ReportFrequency.MONTH else (day.month - 1) // 3 * 3 + 1
    last = first if frequency == ReportFrequency.MONTH else first + 2
    return Period(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]))


def last_complete(frequency: ReportFrequency | str, today: date) -> Period:
    """The newest period that is over."""
    return period_of(frequency, period_of(frequency, today).start - timedelta(days=1))


def recent_periods(frequency: ReportFrequency | str, today: date, *, count: int = 12) -> list[Period]:
    """The newest periods that are over, newest first."""
    found = [last_complete(frequency, today)]
    while len(found) < count:
        found.append(period_of(frequency, found[-1].start - timedelta(days=1)))
    return found
