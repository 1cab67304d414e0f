"""What one cell of a column of periods says: the first day, the last day and a label, or why it is not clear."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from outcomes.imports.errors import Unclear, quoted

AUTO, FINANCIAL, ACADEMIC, CALENDAR, SURVEY = "auto", "financial", "academic", "calendar", "survey"
YEAR, QUARTER, MONTH, ANY = "year", "quarter", "month", "period"
# Where each kind of year begins. Sport England's Active Lives survey of adults runs from mid-November to mid-November.
FIRST_DAY = {FINANCIAL: (4, 1), ACADEMIC: (9, 1), CALENDAR: (1, 1), SURVEY: (11, 16)}
SHORTEST = {YEAR: (350, "yearly"), QUARTER: (80, "quarterly"), MONTH: (1, "monthly"), ANY: (1, "")}

# So many years from now a year of two digits may lie; any later is one of the century before.
YEARS_AHEAD = 15

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in list(_MONTHS.items())} | {"sept": 9}
_MONTH_WORD = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ANY_YEAR = r"(?:[0-9]{4}(?: ?[-/] ?(?:[0-9]{4}|[0-9]{2}))?|[0-9]{2} ?[-/] ?[0-9]{2})"
_TERMS = {"autumn": (9, 12), "spring": (1, 3), "summer": (4, 8), "autumn and spring": (9, 3)}


@dataclass(frozen=True, slots=True)
class Period:
    """`status` is what the file says of its figures beside the period: provisional or revised."""

    start: date
    end: date
    label: str
    status: str = ""


# What stands behind a period: [note 2], (provisional), [r].
_NOTED = re.compile(r"(.*?[0-9a-z]) ?[\[(](?:notes? ?)?([a-z]*)[ 0-9,]*[\])]")
_NOTES = {
    "": "",
    "p": "provisional",
    "provisional": "provisional",
    "r": "revised",
    "revised": "revised",
    "note": "",
    "notes": "",
}
_COUNTS = {"three": "3", "six": "6", "nine": "9", "twelve": "12", "eighteen": "18"}
# Excel's number of a day, for the days of this century.
_SERIAL, _DAY_ZERO = re.compile(r"(?:3[7-9]|[4-6][0-9])[0-9]{3}"), date(1899, 12, 30)


def parse_period(
    text: str, *, year_type: str = AUTO, frequency: str = YEAR, identifier: str = "", serials: bool = False
) -> Period:
    """Reads a period.

    `year_type` says what 2015/16 or 2024 means; by itself 2015/16 is April to March and 2024 is January to December. A single
    year of another type is the one that starts in it. `frequency` is the measure's: in a monthly measure 2011-12 is December
    2011, otherwise the year 2011/12. `identifier` is what a second column says about the period ("Academic year", "January").
    `serials` lets 45383 be the day that Excel shows for it.
    Raises Unclear for what it does not know, what is not a period, and a period shorter than the measure's own.
    """
    said = _tidy(text)
    if not said:
        raise Unclear("The period is empty.", "period")
    status = ""
    if (noted := _NOTED.fullmatch(said)) and noted[2] in _NOTES:
        said, status = noted[1], _NOTES[noted[2]]
    if serials and _SERIAL.fullmatch(said):
        said = (_DAY_ZERO + timedelta(days=int(said))).isoformat()
    said, year_type = _with_identifier(said, _tidy(identifier), year_type)
    words = _Words(said, year_type, frequency, text)
    for read in _READERS:
        if (found := read(words)) is not None:
            break
    else:
        raise Unclear(f"{quoted(text)} is not a period that is known here.", "period")
    start, end = found
    if end < start:
        raise Unclear(f"{quoted(text)} ends before it starts.", "period")
    if not 1900 <= start.year <= 2100:
        raise Unclear(f"{quoted(text)} lies too far from today.", "period")
    days, word = SHORTEST[frequency]
    if start != end and (end - start).days + 1 < days:
        raise Unclear(f"{quoted(text)} is shorter than a period of this {word} measure.", "period")
    return Period(start, end, label_of(start, end), status)


def label_of(start: date, end: date) -> str:
    """The period as it is shown: the same for every way in which a file may write it."""
    if start == end:
        return f"{start.day} {start:%B %Y}"
    after = end + timedelta(days=1)
    if (start.month, start.day) in FIRST_DAY.values() and (after.month, after.day) == (
        start.month,
        start.day,
    ):
        first, last = (_year_name(start, year) for year in (start.year, after.year - 1))
        return first if first == last else f"{first} to {last}"
    whole_months = start.day == after.day == 1
    if not whole_months:
        return f"{start.day} {start:%b %Y} to {end.day} {end:%b %Y}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%B %Y}"
    return f"{start:%b}{'' if start.year == end.year else f' {start.year}'} to {end:%b %Y}"


def _year_name(start: date, year: int) -> str:
    return str(year) if start.month == 1 else f"{year}/{(year + 1) % 100:02}"


@dataclass(frozen=True, slots=True)
class _Words:
    said: str
    year_type: str
    frequency: str
    original: str


Days = tuple[date, date]


def _tidy(text: str) -> str:
    said = (
        re.sub(r"[\u2010-\u2015\u2212]", "-", text)
        .replace("\u00a0", " ")
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    said = " ".join(said.replace(",", " ").lower().split()).strip(" .")
    return re.sub(r"^(three|six|nine|twelve|eighteen)(?= months)", lambda word: _COUNTS[word[1]], said)


def _with_identifier(said: str, identifier: str, year_type: str) -> tuple[str, str]:
    """DfE's files split a period in two columns: 202425 with Academic year, 2024 with January, 202425 with Autumn term."""
    for name, kind in (
        ("financial year", FINANCIAL), ("academic year", ACADEMIC), ("calendar year", CALENDAR), ("reporting year", AUTO),
    ):  # fmt: skip
        if identifier.startswith(name):
            rest = identifier.removeprefix(name).strip(" -:")
            return (f"{rest} {said}" if rest else said), (year_type if kind == AUTO else kind)
    if identifier in ("", "year", "annual", "yearly"):
        return said, year_type
    return f"{identifier} {said}", year_type


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(year: int, month: int, count: int) -> Days:
    """`count` whole months from the first of this one."""
    last = year * 12 + month - 1 + count - 1
    return date(year, month, 1), _last_day(last // 12, last % 12 + 1)


def _year(first: int, year_type: str) -> Days:
    month, day = FIRST_DAY[year_type]
    start = date(first, month, day)
    return start, date(first + 1, month, day) - timedelta(days=1)


def _split_year(text: str) -> int | None:
    """2015 for 2015/16, 2015-16, 2015/2016, 201516, 15/16, and 1998 for 98/99; None for anything else."""
    if short := re.fullmatch(r"([0-9]{2}) ?[-/] ?([0-9]{2})", text):
        return _full_year(short[1]) if int(short[2]) == (int(short[1]) + 1) % 100 else None
    found = re.fullmatch(r"([0-9]{4}) ?[-/]? ?([0-9]{4}|[0-9]{2})", text)
    if not found or (len(found[2]) == 4 and len(text) == 8):
        return None
    first, second = int(found[1]), found[2]
    follows = int(second) == first + 1 if len(second) == 4 else int(second) == (first + 1) % 100
    return first if follows else None


def _spanning(w: _Words, year_type: str | None = None) -> str:
    """Which kind a year that spans two calendar years is."""
    kind = year_type or w.year_type
    if kind == CALENDAR:
        raise Unclear(
            f"{quoted(w.original)} spans two calendar years. Choose whether years are financial or academic years.",
            "period",
        )
    return FINANCIAL if kind == AUTO else kind


def _single(w: _Words) -> str:
    return CALENDAR if w.year_type == AUTO else w.year_type


def _named_year(w: _Words) -> Days | None:
    found = re.fullmatch(
        r"(financial year|fy|tax year|academic year|school year|ay|calendar year|cy|full year|year) ?[-:]? ?(.+)"
        r"|(.+?) \(?(financial|academic|school|calendar|full)(?: year)?\)?",
        w.said,
    )
    if not found:
        return None
    word, rest = (found[1], found[2]) if found[1] else (found[4], found[3])
    kinds = {"f": FINANCIAL, "t": FINANCIAL, "a": ACADEMIC, "s": ACADEMIC, "c": CALENDAR}
    kind = w.year_type if word.startswith(("full", "year")) else kinds[word[0]]
    inner = _Words(rest.strip("() "), kind, w.frequency, w.original)
    return _year_of(inner) or _several_years(inner)


def _year_of(w: _Words) -> Days | None:
    if w.frequency == MONTH and re.fullmatch(r"[0-9]{4}[-/]?(?:0[1-9]|1[0-2])|[0-9]{2}[-/][0-9]{2}", w.said):
        return None  # A month: 2011-12 is December 2011; and 11/12 could be a day.
    if (first := _split_year(w.said)) is not None:
        return _year(first, _spanning(w))
    if re.fullmatch(r"[0-9]{4}", w.said):
        return _year(int(w.said), _single(w))
    return None


def _several_years(w: _Words) -> Days | None:
    found = re.fullmatch(rf"({_ANY_YEAR}) ?(?:to|and|-) ?({_ANY_YEAR})", w.said)
    if found and (first := _split_year(found[1])) is not None and (last := _split_year(found[2])) is not None:
        kind = _spanning(w)
        return _year(first, kind)[0], _year(last, kind)[1]
    found = re.fullmatch(r"([0-9]{4}) ?(?:to|-) ?([0-9]{4}|[0-9]{2})", w.said)
    if not found:
        return None
    first, last = int(found[1]), int(found[2])
    last += first - first % 100 if last < 100 else 0
    # Figures for several years together are published for up to ten; 2024-01 is a month, and comes later.
    if not first < last <= first + 10 or (len(found[2]) == 2 and int(found[2]) <= 12):
        return None
    kind = _single(w)
    if w.year_type == AUTO and last == first + 1:
        raise Unclear(
            f"{quoted(w.original)} could be one year that spans both or the two years. Choose what a year means, or write {first}/{last % 100:02}.",
            "period",
        )
    return _year(first, kind)[0], _year(last if kind == CALENDAR else last - 1, kind)[1]


def _quarter(w: _Words) -> Days | None:
    word = r"(?:q|qtr|quarter) ?([1-4])"
    found = re.fullmatch(
        rf"{word}(?: of)?[ :/-]*({_ANY_YEAR}|[0-9]{{6}})|({_ANY_YEAR}|[0-9]{{6}})[ :/-]*{word}", w.said
    )
    if not found:
        return None
    number, year = int(found[1] or found[4]), found[2] or found[3]
    first = _split_year(year)
    kind = _spanning(w) if first is not None else _single(w)
    if first is None:
        if not re.fullmatch(r"[0-9]{4}", year):
            return None
        first = int(year)
    if kind == SURVEY:
        raise Unclear(f"{quoted(w.original)}: quarters of a survey year are not known here.", "period")
    start = FIRST_DAY[kind][0] - 1 + 3 * (number - 1)
    return _months(first + start // 12, start % 12 + 1, 3)


def _month(w: _Words) -> Days | None:
    found = re.fullmatch(
        rf"({_MONTH_WORD})[ '/-]*([0-9]{{4}}|[0-9]{{2}})|([0-9]{{4}})[ /-]*({_MONTH_WORD})", w.said
    )
    if found:
        return _months(_full_year(found[2] or found[3]), _MONTHS[found[1] or found[4]], 1)
    if re.fullmatch(rf"[0-9]{{1,2}}[ -]({_MONTH_WORD})", w.said):
        raise Unclear(f"{quoted(w.original)} could be a day of a month or a month of a year.", "period")
    found = re.fullmatch(r"([0-9]{4}) ?[-/.m]?(0[1-9]|1[0-2])|([0-9]{4})[-/.]([1-9])", w.said)
    if found:
        return _months(int(found[1] or found[3]), int(found[2] or found[4]), 1)
    found = re.fullmatch(r"(0?[1-9]|1[0-2])[-/.]([0-9]{4})", w.said)
    return _months(int(found[2]), int(found[1]), 1) if found else None


def _months_of_year(w: _Words) -> Days | None:
    """Apr-Jun 2024/25, where Jan-Mar 2024/25 lies in 2025; 2024 Apr-Jun."""
    months = rf"({_MONTH_WORD}) ?(?:to|-|/) ?({_MONTH_WORD})"
    found = re.fullmatch(rf"{months} ({_ANY_YEAR})|({_ANY_YEAR}) {months}", w.said)
    if not found:
        return None
    first, last = _MONTHS[found[1] or found[5]], _MONTHS[found[2] or found[6]]
    year = found[3] or found[4]
    begins = _split_year(year)
    if begins is None:
        return (
            _month_range(_Words(f"{found[5]} to {found[6]} {year}", w.year_type, w.frequency, w.original))
            if found[5]
            else None
        )
    opens = FIRST_DAY[_spanning(w)][0]
    start_year, end_year = begins + (first < opens), begins + (last < opens)
    return date(start_year, first, 1), _last_day(end_year, last)


def _month_range(w: _Words) -> Days | None:
    found = re.fullmatch(
        rf"({_MONTH_WORD})[ '-]*([0-9]{{4}}|[0-9]{{2}})? ?(?:to|and|until|-|/) ?({_MONTH_WORD})[ '-]*([0-9]{{4}}|[0-9]{{2}})",
        w.said,
    )
    if not found:
        return None
    first, last = _MONTHS[found[1]], _MONTHS[found[3]]
    end_year = _full_year(found[4])
    start_year = _full_year(found[2]) if found[2] else end_year - (first > last)
    return date(start_year, first, 1), _last_day(end_year, last)


def _ending(w: _Words) -> Days | None:
    found = re.fullmatch(
        r"(?:(?:the )?(?:(?:financial |tax |academic |school |calendar )?year|12 months)(?: (?:to|ending|ended|end))|ye|fye|y/e|([0-9]{1,2}) months (?:to|ending|ended)) ?(?:in )?(.+)",
        w.said,
    )
    if not found:
        return None
    count = int(found[1] or 12)
    inner = _Words(found[2], w.year_type, MONTH, w.original)
    months = _month(inner)
    if months is None:
        day = _one_day(found[2])
        if day is None or day != _last_day(day.year, day.month) or not 1 <= count <= 36:
            return None
        months = day, day
    end = months[1]
    first = end.year * 12 + end.month - count
    return date(first // 12, first % 12 + 1, 1), end


def _term(w: _Words) -> Days | None:
    found = re.fullmatch(
        rf"(autumn and spring|autumn|spring|summer) terms? ?({_ANY_YEAR}|[0-9]{{6}})", w.said
    ) or re.fullmatch(rf"({_ANY_YEAR}) (autumn|spring|summer) term", w.said)
    if not found:
        return None
    term, year = (found[1], found[2]) if found[1] in _TERMS else (found[2], found[1])
    first = _split_year(year)
    start, end = _TERMS[term]
    if first is None and start <= end and re.fullmatch(r"[0-9]{4}", year):
        return date(int(year), start, 1), _last_day(int(year), end)  # The spring of 2024 is in 2024.
    if first is None:
        raise Unclear(
            f"{quoted(w.original)} does not say which school year it is part of. Write 2024/25.", "period"
        )
    return date(first + (start < 9), start, 1), _last_day(first + (end < 9), end)


def _day_or_days(w: _Words) -> Days | None:
    if found := re.fullmatch(r"(.+?) (?:to|until|-) (.+)", w.said):
        first, last = _one_day(found[1]), _one_day(found[2])
        return (first, last) if first and last else None
    day = _one_day(re.sub(r"^(?:as at|as of|at|on) ", "", w.said))
    return _around(day, w) if day else None


def _around(day: date, w: _Words) -> Days:
    """The period a date stands for: its month, the quarter or year it begins or ends, or the day itself."""
    month = _months(day.year, day.month, 1)
    if w.frequency == MONTH:
        return month
    if w.frequency == QUARTER:
        quarter = _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)
        if day in quarter:
            return quarter
        raise Unclear(f"{quoted(w.original)} is neither the first nor the last day of a quarter.", "period")
    for kind in (FINANCIAL, ACADEMIC, CALENDAR) if w.year_type == AUTO else (w.year_type,):
        for first in (day.year - 1, day.year):
            if day in _year(first, kind):
                return _year(first, kind)
    return day, day


def _one_day(text: str) -> date | None:
    text = re.sub(r"[t ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?z?$", "", text)
    try:
        if found := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})", text):
            return date(_full_year(found[3]), int(found[2]), int(found[1]))
        if found := re.fullmatch(
            rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[ -]({_MONTH_WORD})[ -]([0-9]{{4}}|[0-9]{{2}})", text
        ):
            return date(_full_year(found[3]), _MONTHS[found[2]], int(found[1]))
    except ValueError:
        raise Unclear(f"{quoted(text)} is not a date of the calendar.", "period") from None
    return None


def _full_year(text: str) -> int:
    """98 is 1998: figures are of years gone by, and projections reach a few years ahead."""
    if len(text) != 2:
        return int(text)
    year = 2000 + int(text)
    return year if year <= date.today().year + YEARS_AHEAD else year - 100


# In this order, since 2011-12 is a year before it is a month, and a range is tried before what its halves could be.
_READERS: tuple[Callable[[_Words], Days | None], ...] = (
    _ending, _named_year, _year_of, _several_years, _quarter, _month, _months_of_year, _month_range, _term, _day_or_days,
)  # fmt: skip
