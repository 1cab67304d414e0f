"""Meetings of the boards: the latest ones with what was said and decided, and the next one with its agenda."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.activities import dated
from demo.chance import texts
from demo.days import A_DAY, meeting_day
from demo.setting import Setting
from partnerships.actions.agendas import add_item, add_standing_item
from partnerships.actions.attendance import Attended, record_attendance
from partnerships.actions.decisions import follow_up_decision, record_decision
from partnerships.actions.documents import attach_document
from partnerships.actions.meetings import agree_minutes, mark_held, plan_meeting, write_minutes
from partnerships.actions.seats import open_vacancy
from partnerships.models import (
    AgendaItem,
    AttendanceKind,
    Board,
    Decision,
    DecisionEffect,
    Meeting,
    Seat,
    SimpleRule,
)
from partnerships.queries.boards import sitting_on

LATEST = 6


def load_meetings(setting: Setting) -> None:
    told = texts("agendas")
    log = texts("meetings")
    for row in told.pop("vacancy"):
        open_vacancy(
            board=setting.boards[row["board"]],
            kind=row["kind"],
            note=row["note"],
            since=setting.ago(row["days"]),
            by=setting.manager,
        )
    for key, plan in told.items():
        _board(setting, key, plan, log[key])


def _board(setting: Setting, key: str, plan: dict[str, Any], log: dict[str, Any]) -> None:
    board = setting.boards[key]
    by = setting.people["ockley"]
    for title, minutes, lead in plan["standing"]:
        add_standing_item(
            board=board,
            title=title,
            minutes=minutes,
            lead=setting.people.get(lead),
            starts_on=setting.ago(400),
            by=by,
        )
    meetings = list(dated(setting, log))[-LATEST:]
    for number, (day, note) in enumerate(meetings):
        later = meetings[number + 1][0] if number + 1 < len(meetings) else None
        _held(setting, board, key, plan, day, note, agreed_on=later)
    _next(setting, board, plan, meeting_day(meetings[-1][0] + log["every"] * A_DAY, log["weekday"]))


def _planned(board: Board, plan: dict[str, Any], day: date, by: Any, **said: Any) -> Meeting:
    begins, ends = (time.fromisoformat(hour) for hour in plan["hours"])
    return plan_meeting(
        board=board, held_on=day, starts_at=begins, ends_at=ends, where=plan["where"], by=by, **said
    )


def _held(
    setting: Setting,
    board: Board,
    key: str,
    plan: dict[str, Any],
    day: date,
    note: dict[str, Any],
    *,
    agreed_on: date | None,
) -> None:
    by = setting.people["ockley"]
    meeting = _planned(board, plan, day, by)
    title = note["title"][:1].upper() + note["title"][1:]
    last = meeting.agenda.last()
    item = add_item(meeting=meeting, title=title, minutes=40, purpose="decision", before=last, by=by)
    record_attendance(meeting=meeting, people=_there(setting, board, key, day), by=by)
    said = setting.chance.fill(note["what"], f"meeting-{key}-{day}", "what")
    write_minutes(meeting=meeting, expected_version=1, minutes="", notes={item.pk: said}, by=by)
    for row in plan["decisions"]:
        if row["at"] == note["title"]:
            _decide(setting, meeting, item, row, by)
    mark_held(meeting=meeting, by=by)
    if agreed_on is not None:
        agree_minutes(meeting=meeting, on=agreed_on, by=by)


def _there(setting: Setting, board: Board, key: str, day: date) -> list[Attended]:
    dice = setting.chance.dice("attended", key, day)
    return [_attended(seat, dice.random()) for seat in sitting_on(board, day)]


def _attended(seat: Seat, chance: float) -> Attended:
    kind, represented_by = AttendanceKind.PRESENT, ""
    if seat.kind != "chair" and chance > 0.7:
        kind = AttendanceKind.APOLOGIES
        if chance > 0.92 and seat.organisation:
            kind, represented_by = AttendanceKind.REPRESENTED, "a colleague"
    return Attended(seat.person, kind, seat.organisation, represented_by)


def _decide(setting: Setting, meeting: Meeting, item: Any, row: dict[str, Any], by: Any) -> None:
    word = row["rule"]
    rules = SimpleRule.objects.filter(partnership=setting.partnership)
    decision = record_decision(
        meeting=meeting,
        what=row["what"],
        why=row["why"],
        agenda_item=item,
        rule=rules.filter(text__icontains=word).first() if word else None,
        by=by,
    )
    if row["effect"] != DecisionEffect.WAITING:
        follow_up_decision(
            decision=decision,
            expected_version=decision.version,
            effect=row["effect"],
            effect_note=row["note"],
            effect_on=max(meeting.held_on, setting.ago(9)),
            by=by,
        )
    # Nobody is told today of what a board decided months ago.
    Decision.objects.filter(pk=decision.pk).update(
        created_at=setting.written(meeting.held_on, "decided", row["what"])
    )


def _next(setting: Setting, board: Board, plan: dict[str, Any], day: date) -> None:
    """With its agenda, one paper that is there and, mostly, one that is missing."""
    by, told = setting.people["ockley"], plan["next"]
    meeting = _planned(board, plan, day, by, papers_due_on=day - 7 * A_DAY)
    papers = dict([told["paper"]]) if "paper" in told else {}
    last = meeting.agenda.last()
    for title, purpose, minutes, lead, needs_paper in told["items"]:
        item = add_item(
            meeting=meeting,
            title=title,
            purpose=purpose,
            minutes=minutes,
            lead=setting.people.get(lead),
            needs_paper=needs_paper,
            before=AgendaItem.objects.get(pk=last.pk) if last else None,
            by=by,
        )
        for name, text in papers.items():
            if name.startswith(title):
                attach_document(
                    parent=item, file=SimpleUploadedFile(f"{title}.txt", text.encode()), title=name, by=by
                )
