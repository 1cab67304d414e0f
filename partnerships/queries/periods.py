"""The periods of a programme, and proposals for the next ones from its calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from partnerships.models import Calendar, Programme, ProgrammePeriod

A_DAY = timedelta(days=1)
MOST_YEARS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A period that could be added. `is_certain`: its days follow from the calendar, rather than from a council's decision."""

    name: str
    starts_on: date
    ends_on: date
    is_certain: bool


def periods_of(programme: Programme) -> list[ProgrammePeriod]:
    """Oldest first."""
    return list(programme.periods.all())


def is_used(period: ProgrammePeriod) -> bool:
    """Whether any other record hangs on it."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: period}).exists()
        for relation in period._meta.related_objects
        if not hasattr(relation.related_model, "pgh_tracked_model")
    )


def proposed(calendar: Calendar | str, first: date, last: date) -> list[Proposal]:
    """The periods of a calendar that begin in a span, oldest first. Holidays and terms are usual dates, to be checked."""
    makers = {
        Calendar.MONTH: _months,
        Calendar.QUARTER: _quarters,
        Calendar.YEAR: _years,
        Calendar.HOLIDAY: _holidays,
        Calendar.TERM: _terms,
    }
    maker = makers.get(Calendar(calendar)) if calendar else None
    if maker is None:
        return []
    return [one for one in maker(first, last) if first <= one.starts_on <= last]


def missing(programme: Programme, first: date, last: date) -> list[Proposal]:
    """Of what its calendar proposes, what overlaps with no period that the programme has."""
    known = periods_of(programme)
    return [
        one
        for one in proposed(programme.calendar, first, last)
        if not any(k.starts_on <= one.ends_on and k.ends_on >= one.starts_on for k in known)
        and not any(k.name.casefold() == one.name.casefold() for k in known)
    ]


def easter_sunday(year: int) -> date:
    """Easter of the Western churches, by Gauss's rule with its two corrections."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    offset = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * offset) // 451
    month, day = divmod(h + offset - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _month_starts(first: date, last: date) -> Iterator[date]:
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        yield date(year, month, 1)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _end(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months - 1, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _months(first: date, last: date) -> Iterator[Proposal]:
    for start in _month_starts(first, last):
        yield Proposal(f"{start:%B %Y}", start, _end(start, 1), True)


def _quarters(first: date, last: date) -> Iterator[Proposal]:
    for start in _month_starts(first, last):
        if start.month in (1, 4, 7, 10):
            end = _end(start, 3)
            yield Proposal(f"{start:%B} to {end:%B %Y}", start, end, True)


def _years(first: date, last: date) -> Iterator[Proposal]:
    """Councils' years run from April to March."""
    for start in _month_starts(first, last):
        if start.month == 4:
            yield Proposal(f"{start.year}/{(start.year + 1) % 100:02d}", start, _end(start, 12), True)


def _holidays(first: date, last: date) -> Iterator[Proposal]:
    """Two weeks around Easter, the long summer, two weeks around Christmas."""
    for year in range(first.year, last.year + 1):
        sunday = easter_sunday(year)
        good_friday = sunday - 2 * A_DAY
        monday = good_friday - good_friday.weekday() * A_DAY
        yield Proposal(f"Easter {year}", monday, monday + 11 * A_DAY, False)
        summer = _monday_on_or_after(date(year, 7, 21))
        yield Proposal(f"Summer {year}", summer, _friday_on_or_before(date(year, 8, 31)), False)
        christmas = _monday_on_or_after(date(year, 12, 19))
        yield Proposal(f"Christmas {year}", christmas, christmas + 11 * A_DAY, False)


def _terms(first: date, last: date) -> Iterator[Proposal]:
    for year in range(first.year, last.year + 1):
        sunday = easter_sunday(year)
        good_friday = sunday - 2 * A_DAY
        easter_holidays = good_friday - good_friday.weekday() * A_DAY
        yield Proposal(
            f"Spring term {year}", _monday_on_or_after(date(year, 1, 2)), easter_holidays - 3 * A_DAY, False
        )
        yield Proposal(
            f"Summer term {year}",
            easter_holidays + 14 * A_DAY,
            _friday_on_or_before(date(year, 7, 23)),
            False,
        )
        yield Proposal(
            f"Autumn term {year}",
            _monday_on_or_after(date(year, 9, 1)),
            _friday_on_or_before(date(year, 12, 21)),
            False,
        )


def _monday_on_or_after(day: date) -> date:
    return day + (-day.weekday() % 7) * A_DAY


def _friday_on_or_before(day: date) -> date:
    return day - ((day.weekday() - 4) % 7) * A_DAY
