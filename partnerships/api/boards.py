"""Boards, their meetings and what they decided: without the people who sit on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from partnerships.api.activities import place_of
from partnerships.models import (
    AgendaItem,
    Board,
    BoardLevel,
    Decision,
    DecisionEffect,
    ItemPurpose,
    Meeting,
    MeetingStatus,
)
from partnerships.queries.boards import boards_of
from people.partner_access.endpoints import (
    IdField,
    ListEndpoint,
    PageParameters,
    SinceField,
    behind,
    named,
)
from people.partner_access.schema import BOARD, described, listed
from people.permissions import Scope
from people.queries.names import names_in
from reports.renderers.partner_csv import CsvRenderer

BOARD_EXAMPLE = {
    "id": "4",
    "name": "Exampleborough steering group",
    "level": "steering",
    "purpose": "Decides what the partnership starts, stops and pays for.",
    "meets": "Every six weeks",
    "host": "Exampleborough Council",
    "place_id": "91",
    "place_code": "E08000012",
    "place_name": "Exampleborough",
    "reports_to": [{"id": "2", "name": "Health and Wellbeing Board"}],
    "seats": 14,
    "empty_seats": 1,
    "started_on": "2022-04-01",
    "ended_on": None,
    "updated_at": "2026-11-13T08:45:00Z",
}
MEETING_EXAMPLE = {
    "id": "31",
    "board_id": "4",
    "board": "Exampleborough steering group",
    "held_on": "2026-12-10",
    "starts_at": "10:00:00",
    "ends_at": "12:00:00",
    "title": "",
    "where": "Town hall, room 2",
    "status": "planned",
    "status_reason": "",
    "papers_due_on": "2026-12-03",
    "minutes_agreed_on": None,
    "agenda": [{"title": "Payment by need", "purpose": "decision", "minutes": 30}],
    "updated_at": "2026-11-13T08:45:00Z",
}
DECISION_EXAMPLE = {
    "id": "12",
    "board_id": "4",
    "board": "Exampleborough steering group",
    "meeting_id": "30",
    "decided_on": "2026-10-29",
    "item": "Before the leisure contract goes out",
    "what": "The residents’ three asks go into the leisure contract as they stand.",
    "why": "Every earlier contract asked residents about a list that officers had written.",
    "rule": "Nothing about us without us",
    "effect": "under_way",
    "effect_note": "",
    "effect_on": None,
    "updated_at": "2026-11-13T08:45:00Z",
}


class NamedBoard(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class BoardItem(serializers.Serializer):
    """A board, forum or group that meets. Who sits on it is left out."""

    id = serializers.CharField(help_text="Stays the same for ever.")
    name = serializers.CharField()
    level = serializers.ChoiceField(BoardLevel.choices)
    purpose = serializers.CharField(allow_blank=True)
    meets = serializers.CharField(allow_blank=True, help_text="How often, in words.")
    host = serializers.CharField(allow_null=True, help_text="The organisation that hosts it.")
    place_id = serializers.CharField(allow_null=True)
    place_code = serializers.CharField(allow_null=True, help_text="GSS code; null for places that have none.")
    place_name = serializers.CharField(allow_null=True)
    reports_to = NamedBoard(many=True, help_text="The first is its main line.")
    seats = serializers.IntegerField(help_text="How many people sit on it today.")
    empty_seats = serializers.IntegerField(help_text="Seats shown as vacant.")
    started_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True, help_text="Its last day; null while it meets.")
    updated_at = serializers.DateTimeField()


class AgendaTitle(serializers.Serializer):
    title = serializers.CharField()
    purpose = serializers.ChoiceField(ItemPurpose.choices)
    minutes = serializers.IntegerField(allow_null=True)


class MeetingItem(serializers.Serializer):
    """A meeting with the titles of its agenda. Papers, minutes and who was there stay with the board."""

    id = serializers.CharField(help_text="Stays the same for ever.")
    board_id = serializers.CharField()
    board = serializers.CharField()
    held_on = serializers.DateField()
    starts_at = serializers.TimeField(allow_null=True, help_text="In the United Kingdom's time.")
    ends_at = serializers.TimeField(allow_null=True)
    title = serializers.CharField(allow_blank=True)
    where = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(MeetingStatus.choices)
    status_reason = serializers.CharField(allow_blank=True, help_text="Why it was cancelled.")
    papers_due_on = serializers.DateField(allow_null=True)
    minutes_agreed_on = serializers.DateField(allow_null=True)
    agenda = AgendaTitle(many=True)
    updated_at = serializers.DateTimeField()


class DecisionItem(serializers.Serializer):
    """What a board decided, by which of the partnership's simple rules, and what became of it."""

    id = serializers.CharField(help_text="Stays the same for ever.")
    board_id = serializers.CharField()
    board = serializers.CharField()
    meeting_id = serializers.CharField()
    decided_on = serializers.DateField()
    item = serializers.CharField(allow_null=True, help_text="The item of the agenda.")
    what = serializers.CharField()
    why = serializers.CharField(allow_blank=True)
    rule = serializers.CharField(allow_null=True)
    effect = serializers.ChoiceField(DecisionEffect.choices, help_text="What became of it.")
    effect_note = serializers.CharField(allow_blank=True)
    effect_on = serializers.DateField(allow_null=True, help_text="The day on which somebody looked.")
    updated_at = serializers.DateTimeField()


class BoardParameters(PageParameters):
    changed_since = SinceField("changed")


class OfBoardParameters(BoardParameters):
    board = IdField(help_text="The `id` of a board of this partnership.")

    def get_fields(self) -> dict[str, serializers.Field]:
        # `from` is a word of Python, and so cannot be the name of an attribute.
        return super().get_fields() | {
            "from": serializers.DateField(required=False, help_text="The first day of the meetings."),
            "to": serializers.DateField(required=False, help_text="The last day of the meetings."),
        }


@described(
    tags=[BOARD],
    operation_id="list_boards",
    summary="List boards",
    **listed(BoardItem, BOARD_EXAMPLE),
)
class Boards(ListEndpoint):
    """Boards in the order in which they were set up, those that have stopped too."""

    scope = Scope.COMMITMENTS
    parameters = BoardParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = BoardItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        found = boards_of(self.partnership).prefetch_related("also_reports_to")
        if "changed_since" in self.asked:
            found = found.filter(updated_at__gte=self.asked["changed_since"])
        names = names_in(self.partnership)
        return [
            {
                "id": str(board.pk),
                "name": names.removed_from(board.name),
                "level": board.level,
                "purpose": names.removed_from(board.purpose),
                "meets": names.removed_from(board.meets),
                "host": board.host.name if board.host else None,
                **place_of(board.place),
                "reports_to": [
                    {"id": str(above.pk), "name": names.removed_from(above.name)}
                    for above in [
                        *([board.reports_to] if board.reports_to else []),
                        *board.also_reports_to.all(),
                    ]
                ],
                "seats": board.members,
                "empty_seats": board.vacant,
                "started_on": board.started_on,
                "ended_on": board.ended_on,
                "updated_at": board.updated_at,
            }
            for board in behind(found, after, limit)
        ]


class OfBoards(ListEndpoint):
    """What boards did, narrowed to one board or to days."""

    scope = Scope.COMMITMENTS
    parameters = OfBoardParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]

    def narrowed(self, rows: Any, *, board: str, day: str) -> Any:
        asked, wanted = self.asked, {}
        if "board" in asked:
            ours = Board.objects.filter(partnership=self.partnership)
            wanted[board] = named("board", ours, pk=asked["board"])
        if "from" in asked:
            wanted[f"{day}__gte"] = asked["from"]
        if "to" in asked:
            wanted[f"{day}__lte"] = asked["to"]
        if "changed_since" in asked:
            wanted["updated_at__gte"] = asked["changed_since"]
        return rows.filter(partnership=self.partnership, **wanted)


@described(
    tags=[BOARD],
    operation_id="list_meetings",
    summary="List meetings",
    **listed(MeetingItem, MEETING_EXAMPLE),
)
class Meetings(OfBoards):
    """Meetings of boards, planned, held and cancelled, in the order in which they were planned."""

    item = MeetingItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        agenda = Prefetch("agenda", queryset=AgendaItem.objects.order_by("position", "pk"))
        rows = Meeting.objects.select_related("board").prefetch_related(agenda)
        found = self.narrowed(rows, board="board", day="held_on")
        names = names_in(self.partnership)
        return [
            {
                "id": str(meeting.pk),
                "board_id": str(meeting.board_id),
                "board": names.removed_from(meeting.board.name),
                "held_on": meeting.held_on,
                "starts_at": meeting.starts_at,
                "ends_at": meeting.ends_at,
                "title": names.removed_from(meeting.title),
                "where": names.removed_from(meeting.where),
                "status": meeting.status,
                "status_reason": names.removed_from(meeting.status_reason),
                "papers_due_on": meeting.papers_due_on,
                "minutes_agreed_on": meeting.minutes_agreed_on,
                "agenda": [
                    {"title": names.removed_from(i.title), "purpose": i.purpose, "minutes": i.minutes}
                    for i in meeting.agenda.all()
                ],
                "updated_at": meeting.updated_at,
            }
            for meeting in behind(found, after, limit)
        ]


@described(
    tags=[BOARD],
    operation_id="list_decisions",
    summary="List decisions",
    **listed(DecisionItem, DECISION_EXAMPLE),
)
class Decisions(OfBoards):
    """What boards decided, in the order in which it was recorded."""

    item = DecisionItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        rows = Decision.objects.select_related("meeting__board", "agenda_item", "rule")
        found = self.narrowed(rows, board="meeting__board", day="meeting__held_on")
        names = names_in(self.partnership)
        return [
            {
                "id": str(decision.pk),
                "board_id": str(decision.meeting.board_id),
                "board": names.removed_from(decision.meeting.board.name),
                "meeting_id": str(decision.meeting_id),
                "decided_on": decision.meeting.held_on,
                "item": names.removed_from(decision.agenda_item.title) if decision.agenda_item else None,
                "what": names.removed_from(decision.what),
                "why": names.removed_from(decision.why),
                "rule": names.removed_from(decision.rule.text) if decision.rule else None,
                "effect": decision.effect,
                "effect_note": names.removed_from(decision.effect_note),
                "effect_on": decision.effect_on,
                "updated_at": decision.updated_at,
            }
            for decision in behind(found, after, limit)
        ]
