"""Days as a council knows them: working days, school holidays, months back."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from random import Random

A_DAY = timedelta(days=1)
SEASONS = ("february", "easter", "summer", "october", "christmas")


def months_back(day: date, months: int) -> date:
    """The first of the month so many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def easter_sunday(year: int) -> date:
    """Easter of the Western churches, by the method of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def season(name: str, year: int) -> tuple[date, date]:
    """The first and last day of a school holiday that begins in the year, or of the week before Christmas."""
    match name:
        case "february":
            return _week_of(date(year, 2, 17))
        case "easter":
            sunday = easter_sunday(year)
            return sunday - 13 * A_DAY, sunday + 5 * A_DAY
        case "summer":
            return date(year, 7, 24), date(year, 8, 30)
        case "october":
            return _week_of(date(year, 10, 27))
        case "christmas":
            return date(year, 12, 20), date(year + 1, 1, 2)
        case "before_christmas":
            return date(year, 12, 17), date(year, 12, 23)
    raise ValueError(f"There is no school holiday called {name}.")


def _week_of(day: date) -> tuple[date, date]:
    monday = day - day.weekday() * A_DAY
    return monday, monday + 4 * A_DAY


def bank_holidays(year: int) -> set[date]:
    may_first, may_last, august_last = date(year, 5, 1), date(year, 5, 31), date(year, 8, 31)
    return {
        date(year, 1, 1),
        easter_sunday(year) - 2 * A_DAY,
        easter_sunday(year) + A_DAY,
        may_first + (-may_first.weekday() % 7) * A_DAY,
        may_last - may_last.weekday() * A_DAY,
        august_last - august_last.weekday() * A_DAY,
        date(year, 12, 25),
        date(year, 12, 26),
    }


def is_working(day: date) -> bool:
    """A weekday that is no bank holiday and not between Christmas Eve and the second of January."""
    between_the_years = (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2)
    return day.weekday() < 5 and not between_the_years and day not in bank_holidays(day.year)


def working_day(day: date) -> date:
    """The day itself or the nearest working day before it."""
    while not is_working(day):
        day -= A_DAY
    return day


def on_weekday(day: date, weekday: int) -> date:
    """The nearest such weekday on or before the day."""
    return day - ((day.weekday() - weekday) % 7) * A_DAY


def meeting_day(day: date, weekday: int) -> date:
    """The board's own weekday on or before the day, a week earlier where nobody works."""
    day = on_weekday(day, weekday)
    while not is_working(day):
        day -= 7 * A_DAY
    return day


def term_day(day: date) -> date:
    """The day itself or the nearest working day before it on which schools are open."""
    day = working_day(day)
    while in_school_holiday(day):
        day = working_day(day - A_DAY)
    return day


def in_school_holiday(day: date) -> bool:
    spans = (season(name, year) for name in SEASONS for year in (day.year - 1, day.year))
    return any(first <= day <= last for first, last in spans)


def within_a_year(today: date, first: date, last: date) -> tuple[date, date] | None:
    """The part of a span that lies in the year before today, today left out; None where none does."""
    first, last = max(first, today - 364 * A_DAY), min(last, today - A_DAY)
    return (first, last) if first <= last else None


def pick(spans: list[tuple[date, date] | None], dice: Random) -> date:
    """A day of the longest of the spans: a working day where it has one."""
    first, last = max((span for span in spans if span), key=lambda span: span[1] - span[0])
    days = [first + n * A_DAY for n in range((last - first).days + 1)]
    return dice.choice([day for day in days if is_working(day)] or days)


def day_in_season(today: date, name: str, dice: Random) -> date:
    years = range(today.year - 2, today.year + 1)
    return pick([within_a_year(today, *season(name, year)) for year in years], dice)


def day_in_months(today: date, months: list[int], dice: Random) -> date:
    """A working day in one of the months, as they last were."""
    firsts = [date(year, month, 1) for year in (today.year - 1, today.year) for month in months]
    return pick([within_a_year(today, first, month_end(first)) for first in firsts], dice)
