"""Holiday Activities and Food: does a holiday's offer keep the rules that councils are held to?

    check_holiday(name="Summer 2026", starts_on=date(2026, 7, 24), ends_on=date(2026, 8, 31), figures={"haf_days": 15})

`figures` are one return's (or one holiday's) numbers by the keys of the template (`Measure.template_key`); what is None or
left out was not told. Ratios (`haf_hours`, `haf_other_children`, `haf_administration`) are given as the value that the measure
shows: hours a day, per cent, per cent. The answer is a tuple of `Finding`, in a fixed order; `broken(findings)` are those
that somebody should explain before the return is accepted. Nothing here stops anybody: a finding is a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

DAYS, HOURS, WEEKS = "haf_days", "haf_hours", "haf_weeks"
CHILDREN, OTHER_CHILDREN = "haf_children", "haf_other_children"
FUNDED = "haf_funded"
ADMINISTRATION = "haf_administration"
OFFERED, ATTENDED = "haf_places_offered", "haf_places_attended"


class Season(StrEnum):
    EASTER = "Easter"
    SUMMER = "Summer"
    CHRISTMAS = "Christmas"


@dataclass(frozen=True, slots=True)
class HafRules:
    """What is asked. These are settings: the programme's grant terms of the year say what holds, and they may differ.

    `administration_share` is no part of the days-and-hours rule; it is the share above which a board will want to ask.
    """

    days: Mapping[Season, int] = field(
        default_factory=lambda: {Season.EASTER: 4, Season.SUMMER: 16, Season.CHRISTMAS: 4}
    )
    summer_weeks: int = 4
    hours_a_day: float = 4
    other_children_share: float = 15
    administration_share: float = 10

    @classmethod
    def of(cls, kept: Mapping[str, float]) -> HafRules:
        """The rules of a programme: what it keeps of its own (`as_kept` names them), and the usual for the rest."""
        said = cls().as_kept() | {name: value for name, value in kept.items() if name in cls().as_kept()}
        days = {season: int(said.pop(f"{season.name.lower()}_days")) for season in Season}
        return cls(days, summer_weeks=int(said.pop("summer_weeks")), **said)

    def as_kept(self) -> dict[str, float]:
        named = {f"{season.name.lower()}_days": self.days[season] for season in Season}
        return named | {
            "summer_weeks": self.summer_weeks,
            "hours_a_day": self.hours_a_day,
            "other_children_share": self.other_children_share,
            "administration_share": self.administration_share,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, whether it is kept (None where nobody told), and what to say about it."""

    rule: Literal["days", "weeks", "hours", "other_children", "administration", "parts", "places"]
    kept: bool | None
    text: str


def season_of(name: str, starts_on: date) -> Season | None:
    """By its name; where the name does not say, by the month in which it begins. Half terms have no rule."""
    said = name.casefold()
    if "half" in said:
        return None
    for season, words in (
        (Season.EASTER, ("easter", "spring")),
        (Season.SUMMER, ("summer",)),
        (Season.CHRISTMAS, ("christmas", "winter")),
    ):
        if any(word in said for word in words):
            return season
    return {
        3: Season.EASTER,
        4: Season.EASTER,
        7: Season.SUMMER,
        8: Season.SUMMER,
        12: Season.CHRISTMAS,
    }.get(starts_on.month)


def check_holiday(
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    figures: Mapping[str, float | None],
    rules: HafRules | None = None,
) -> tuple[Finding, ...]:
    """Every rule that applies to this holiday, each with what the figures say about it."""
    rules = rules or HafRules()
    told = {key: float(value) for key, value in figures.items() if value is not None}
    season = season_of(name, starts_on)
    found = [*_days(season, ends_on, starts_on, told, rules), *_hours(told, rules)]
    found += _share(
        "other_children",
        told.get(OTHER_CHILDREN),
        rules.other_children_share,
        "of the funding went to other children",
    )
    found += _share(
        "administration",
        told.get(ADMINISTRATION),
        rules.administration_share,
        "of the money went on administration",
    )
    return (*found, *_parts(told))


def broken(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.kept is False)


def _days(
    season: Season | None, ends_on: date, starts_on: date, told: Mapping[str, float], rules: HafRules
) -> list[Finding]:
    if season is None:
        return []
    asked, days = rules.days[season], told.get(DAYS)
    length = (ends_on - starts_on).days + 1
    if days is None:
        found = [Finding("days", None, f"Nobody has told how many days were offered; {asked} are asked for.")]
    elif days > length:
        found = [
            Finding("days", False, f"{_number(days)} days were told, but the holiday has only {length} days.")
        ]
    else:
        found = [
            Finding("days", days >= asked, f"{_count(days, 'day')} offered; at least {asked} are asked for.")
        ]
    weeks = told.get(WEEKS)
    if season is Season.SUMMER and weeks is not None:
        text = f"Spread over {_count(weeks, 'week')}; at least {rules.summer_weeks} are asked for in summer."
        found.append(Finding("weeks", weeks >= rules.summer_weeks, text))
    return found


def _hours(told: Mapping[str, float], rules: HafRules) -> list[Finding]:
    hours, asked = told.get(HOURS), _number(rules.hours_a_day)
    if hours is None:
        return [
            Finding(
                "hours", None, f"Nobody has told how long a day was; at least {asked} hours are asked for."
            )
        ]
    text = f"A day had {_count(hours, 'hour')}; at least {asked} are asked for."
    return [Finding("hours", hours >= rules.hours_a_day, text)]


def _share(
    rule: Literal["other_children", "administration"], share: float | None, most: float, words: str
) -> list[Finding]:
    if share is None:
        return []
    return [Finding(rule, share <= most, f"{_number(share)}% {words}; up to {_number(most)}% is usual.")]


def _parts(told: Mapping[str, float]) -> list[Finding]:
    """What cannot be: parts above their whole. Nothing is said where it is in order."""
    found = []
    children, funded = told.get(CHILDREN), told.get(FUNDED)
    if children is not None and funded is not None and funded > children:
        text = (
            f"There are more children funded by HAF ({_number(funded)}) than children ({_number(children)})."
        )
        found.append(Finding("parts", False, text))
    offered, attended = told.get(OFFERED), told.get(ATTENDED)
    if offered is not None and attended is not None and attended > offered:
        text = f"More places were used ({_number(attended)}) than offered ({_number(offered)})."
        found.append(Finding("places", False, text))
    return found


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _count(value: float, noun: str) -> str:
    return f"{_number(value)} {noun}{'' if value == 1 else 's'}"


__all__ = ["Finding", "HafRules", "Season", "broken", "check_holiday", "season_of"]
