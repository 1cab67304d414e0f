"""A year of activities: what partners did and, of every board, its meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import pghistory

from demo.chance import texts
from demo.days import (
    A_DAY,
    day_in_months,
    day_in_season,
    meeting_day,
    months_back,
    on_weekday,
    term_day,
    working_day,
)
from demo.setting import Setting
from outcomes.actions.setting_up import log_activities_for_outcomes, log_activity_for_outcomes
from outcomes.models import Outcome
from partnerships.actions.activities import NewActivity, Newcomers, mark_next_step
from partnerships.models import Activity, Board, Seat, Visibility

THEMES = ("holiday", "connectors", "inclusion", "active", "neighbourhoods", "voice", "recent")
GUEST = "sandall"  # of the neighbouring partnership
WEEKEND = {"saturday": 5, "sunday": 6}
SECOND_WEEK = 13  # days after the first: the holiday group meets on the second Tuesday


@dataclass
class Happened:
    """One activity to log: its row in the texts, and the day."""

    row: dict[str, Any]
    day: date
    key: str
    board: Board | None = None
    present: list[str] = field(default_factory=list)


def load_activities(setting: Setting) -> None:
    happened = [*_from_texts(setting), *_meetings(setting)]
    _log(setting, sorted(happened, key=lambda one: (one.day, one.key)))
    _elsewhere(setting)


def _from_texts(setting: Setting) -> Iterator[Happened]:
    for theme in THEMES:
        for number, row in enumerate(texts(f"activities/{theme}")["activity"]):
            key = row.get("key", f"{theme}-{number}")
            yield Happened(
                row,
                _day(setting, row, key),
                key,
                board=setting.boards.get(row.get("board", "")),
                present=list(dict.fromkeys([row["by"], *row.get("with", ())])),
            )


def _day(setting: Setting, row: dict[str, Any], key: str) -> date:
    dice = setting.chance.dice("day", key)
    if "season" in row:
        return day_in_season(setting.today, row["season"], dice)
    if "months" in row:
        return day_in_months(setting.today, row["months"], dice)
    day = setting.ago(row["ago"] + (dice.randint(-2, 2) if row["ago"] > 20 else 0))
    if "weekend" in row:
        return on_weekday(day, WEEKEND[row["weekend"]])
    return term_day(day) if row.get("term") else working_day(day)


# --- Meetings ----------------------------------------------------------------------------------------------------
def _meetings(setting: Setting) -> Iterator[Happened]:
    seats = {key: list(Seat.objects.filter(board=board)) for key, board in setting.boards.items()}
    for key, plan in texts("meetings").items():
        board = setting.boards[key]
        for day, note in dated(setting, plan):
            row = {name: plan[name] for name in ("by", "for", "place", "helps") if name in plan} | note
            dice = setting.chance.dice("meeting", key, day)
            row["title"] = f"{board.name}: {note['title']}"
            row["kind"] = "meeting"
            row.setdefault("minutes", 5 * dice.randint(plan["minutes"][0] // 5, plan["minutes"][1] // 5))
            row["by"] = _writer(setting, plan["by"], day)
            present = _present(setting, seats[key], day, dice)
            yield Happened(
                row, day, f"meeting-{key}-{day}", board, list(dict.fromkeys([*present, row["by"]]))
            )


def dated(setting: Setting, plan: dict[str, Any]) -> Iterator[tuple[date, dict[str, Any]]]:
    """The meetings of a board with their days, the oldest first."""
    if "months" in plan:
        for back in range(13):
            first = months_back(setting.today, back)
            day = meeting_day(first + SECOND_WEEK * A_DAY, plan["weekday"])
            if setting.ago(364) <= day < setting.today:
                yield day, plan["months"][str(day.month)]
        return
    last = len(plan["notes"]) - 1
    for index, note in enumerate(plan["notes"]):
        yield meeting_day(setting.ago(plan["ago"] + plan["every"] * (last - index)), plan["weekday"]), note


def _writer(setting: Setting, key: str, day: date) -> str:
    """Daniel took over the boards' notes from Aaron when Aaron left."""
    left = setting.people["blythe"].memberships.get().ends_on
    return (
        "blythe"
        if key == "ockley" and day <= left and setting.chance.dice("writer", day).random() < 0.5
        else key
    )


def _present(setting: Setting, seats: list[Seat], day: date, dice: Any) -> list[str]:
    """The chair, and most of those who held a seat that day."""
    keys = {person.pk: key for key, person in setting.people.items()}
    held = [seat for seat in seats if seat.starts_on <= day and (seat.ends_on is None or day <= seat.ends_on)]
    return [
        keys[seat.person_id]
        for seat in sorted(held, key=lambda seat: seat.pk)
        if seat.kind == "chair" or dice.random() < 0.7
    ]


# --- Logging -----------------------------------------------------------------------------------------------------
def _log(setting: Setting, happened: list[Happened]) -> None:
    """All of one author at once, so that history knows who; a guest's name makes an entry of its own."""
    by_author: dict[str, list[Happened]] = {}
    for one in happened:
        by_author.setdefault(one.row["by"], []).append(one)
    for author, theirs in by_author.items():
        by = setting.people[author]
        together = [one for one in theirs if GUEST not in one.present]
        with pghistory.context(user=by.pk):
            logged = log_activities_for_outcomes(
                partnership=setting.partnership, by=by, entries=[_entry(setting, one) for one in together]
            )
            setting.activities |= {one.key: activity for one, activity in zip(together, logged, strict=True)}
            for one in theirs:
                if GUEST in one.present:
                    setting.activities[one.key] = _with_guest(setting, one)


def _entry(setting: Setting, one: Happened) -> tuple[NewActivity, list[Outcome]]:
    row = one.row
    done = one.day + row["done_in"] * A_DAY if "done_in" in row else None
    entry = NewActivity(
        title=setting.chance.fill(row["title"], one.key, "title"),
        happened_on=one.day,
        kind=row["kind"],
        minutes=row.get("minutes"),
        what_happened=setting.chance.fill(row.get("what", ""), one.key, "what"),
        next_step=row.get("next", ""),
        next_step_on=one.day + row["next_in"] * A_DAY if "next" in row else None,
        next_step_done_on=done if done and done < setting.today else None,
        programme=setting.programmes.get(row.get("for", "")),
        board=one.board,
        place=setting.places.get(row.get("place", "")),
        organisations=_organisations(setting, one),
        people=[setting.people[key] for key in one.present if key != GUEST],
        visibility=Visibility.AUTHORS if row.get("private") else Visibility.PARTNERSHIP,
        is_complete=not row.get("unfinished", False),
        created_at=setting.written(one.day, one.key),
    )
    return entry, [setting.outcomes[key] for key in row.get("helps", ())]


def _with_guest(setting: Setting, one: Happened) -> Activity:
    """Somebody of the neighbouring partnership becomes known to this one by being named."""
    entry, outcomes = _entry(setting, one)
    guest, by = setting.people[GUEST], setting.people[one.row["by"]]
    said = {field.name: getattr(entry, field.name) for field in fields(entry)}
    done_on = said.pop("next_step_done_on")
    activity = log_activity_for_outcomes(
        partnership=setting.partnership,
        by=by,
        outcomes=outcomes,
        newcomers=Newcomers(people=[guest.name], person_named=lambda name: guest),
        **said,
    )
    return mark_next_step(activity=activity, done=True, by=by, on=done_on) if done_on else activity


def _organisations(setting: Setting, one: Happened) -> list[Any]:
    if "orgs" in one.row:
        return [setting.organisations[key] for key in one.row["orgs"]]
    if one.board is None:
        return []
    found = [setting.employers[key] for key in one.present if key in setting.employers]
    return list(dict.fromkeys(found))


def _elsewhere(setting: Setting) -> None:
    """A little of the neighbouring partnership's own log, which nobody here sees."""
    by = setting.people["sandall"]
    for ago, title, what in (
        (
            51,
            "Park rangers ask for a covered bench",
            "They will build it if the council pays for the timber.",
        ),
        (34, "Steering group: first look at the survey questions", "Cut from forty questions to twelve."),
        (6, "Call with Brackenford about paying residents", "They want our letter about benefits. Sent."),
    ):
        day = working_day(setting.ago(ago))
        with pghistory.context(user=by.pk):
            log_activity_for_outcomes(
                partnership=setting.neighbour,
                by=by,
                title=title,
                happened_on=day,
                kind="call" if title.startswith("Call") else "meeting",
                what_happened=what,
                people=[by],
                created_at=setting.written(day, "elsewhere", ago),
            )
