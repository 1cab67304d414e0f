"""Boards and forums: the list by level, one board with its seats, and setting them up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import day_words
from partnerships.actions.boards import add_board, edit_board, end_seat, take_seat
from partnerships.forms.boards import BoardForm, EndSeatForm, SeatForm
from partnerships.models import Board, BoardLevel, Seat
from partnerships.queries import boards as queries
from partnerships.queries.activities import visible
from partnerships.renderers.rows import activity_row
from people.access import ActionForm, BoardView, PartnershipView, VersionedForm
from people.permissions import Permission

# From where people live to where it is decided for all.
LEVELS = list(BoardLevel)


class BoardList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/boards/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        boards = list(queries.boards_of(self.partnership))
        levels = [
            (
                level.label,
                [
                    row(board, self.partnership.slug)
                    for board in boards
                    if board.level == level and not board.ended_on
                ],
            )
            for level in reversed(LEVELS)
        ]
        ended = [row(board, self.partnership.slug) for board in boards if board.ended_on]
        return super().get_context_data(
            page_title="Boards",
            levels=[(label, rows) for label, rows in levels if rows],
            ended=ended,
            may_manage=self.may(Permission.MANAGE_BOARDS),
            **kwargs,
        )


def row(board: Board, slug: str) -> dict[str, Any]:
    people = f"{board.members} {'person' if board.members == 1 else 'people'}"
    about = [
        people,
        f"meets {board.meets[:1].lower()}{board.meets[1:]}" if board.meets else "",
        f"reports to {board.reports_to}" if board.reports_to else "",
    ]
    return {
        "title": board.name,
        "url": reverse("board-detail", args=[slug, board.pk]),
        "text": board.purpose,
        "meta": ", ".join(part for part in about if part),
        "tag": {"text": f"Ended {day_words(board.ended_on)}", "tone": "grey"} if board.ended_on else None,
    }


class BoardPage(BoardView):
    """What the pages of one board share."""

    def get_success_url(self) -> str:
        return reverse("board-detail", args=[self.partnership.slug, self.board.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = []
        if self.may(Permission.VIEW):
            crumbs.append({"label": "Boards", "url": reverse("board-list", args=[self.partnership.slug])})
        if self.request.path != self.get_success_url():
            crumbs.append({"label": self.board.name, "url": self.get_success_url()})
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs, "board": self.board})


class BoardDetail(BoardPage, TemplateView):
    """Readable by a seat holder from another partnership, who sees this board and nothing behind it."""

    permission = Permission.VIEW_BOARD
    template_name = "partnerships/boards/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_member = self.may(Permission.VIEW)
        may_manage = self.may(Permission.MANAGE_BOARDS)
        now, before = queries.seats_on(self.board)
        newest = (
            visible(self.partnership, self.request.user).filter(board=self.board)[:10] if is_member else []
        )
        return super().get_context_data(
            page_title=self.board.name,
            facts=facts(self.board),
            seats=seat_table(now, self.partnership.slug, "Who sits on it", ends=may_manage, board=self.board),
            before=seat_table(before, self.partnership.slug, "Who sat on it before") if before else None,
            lacks_chair=not queries.has_chair(now) and not self.board.ended_on,
            shared=queries.shared_people(self.board) if is_member else [],
            activities=[activity_row(a, self.partnership.slug) for a in newest],
            may_manage=may_manage,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            is_member=is_member,
            **kwargs,
        )


def facts(board: Board) -> list[dict[str, Any]]:
    shown = [
        ("Level", board.get_level_display()),
        ("What it is for", board.purpose),
        ("Meets", board.meets),
        ("Place", board.place.name if board.place else ""),
        ("Host", board.host.name if board.host else ""),
        ("Reports to", board.reports_to.name if board.reports_to else ""),
        ("Stopped meeting", day_words(board.ended_on) if board.ended_on else ""),
    ]
    return [{"label": label, "value": value} for label, value in shown if value]


def seat_table(
    seats: list[Seat], slug: str, caption: str, *, ends: bool = False, board: Board | None = None
) -> dict[str, Any]:
    columns = [{"label": label} for label in ("Person", "Seat", "For", "From", "Until")]
    if ends:
        columns.append({"label": "Change"})
    rows = []
    for seat in seats:
        cells = [
            {"text": seat.person.name, "header": True},
            {"text": seat.get_kind_display()},
            {"text": seat.organisation.name if seat.organisation else ""},
            {"text": day_words(seat.starts_on)},
            {"text": day_words(seat.ends_on) if seat.ends_on else "Open"},
        ]
        if ends and board:
            url = reverse("seat-end", args=[slug, board.pk, seat.pk])
            cells.append({"text": f"End {seat.person.name}’s seat", "url": url})
        rows.append(cells)
    return {
        "id": "seats-" + caption.split()[-1].lower(),
        "caption": caption,
        "columns": columns,
        "rows": rows,
    }


class AddBoard(ActionForm, PartnershipView, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/form.html"
    form_class = BoardForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        self.board = add_board(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{self.board.name} is set up. Now say who sits on it.")

    def get_success_url(self) -> str:
        return reverse("board-detail", args=[self.partnership.slug, self.board.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("board-list", args=[self.partnership.slug])
        return super().get_context_data(
            page_title="Add a board",
            breadcrumbs=[{"label": "Boards", "url": list_url}],
            submit_label="Add",
            cancel_url=list_url,
            **kwargs,
        )


class ChangeBoard(VersionedForm, BoardPage, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/versioned_form.html"
    form_class = BoardForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership, "board": self.board}

    def get_initial(self) -> dict[str, Any]:
        plain = ("name", "level", "purpose", "meets", "ended_on")
        keys = {
            "place": self.board.place_id,
            "host": self.board.host_id,
            "reports_to": self.board.reports_to_id,
        }
        return {name: getattr(self.board, name) for name in plain} | keys

    def record(self) -> Board:
        return self.board

    def act(self, form: BaseForm) -> None:
        edit_board(
            board=self.board,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Change {self.board.name}", cancel_url=self.get_success_url(), **kwargs
        )


class TakeSeat(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/form.html"
    form_class = SeatForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        seat = take_seat(board=self.board, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{seat.person.name} has a seat on {self.board.name}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Add a seat", cancel_url=self.get_success_url(), **kwargs)


class EndSeat(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "layouts/form.html"
    form_class = EndSeatForm

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def seat(self) -> Seat:
        return get_object_or_404(
            Seat.objects.select_related("person"), board=self.board, pk=self.kwargs["seat"]
        )

    def act(self, form: BaseForm) -> None:
        seat = end_seat(seat=self.seat(), on=form.cleaned_data["ends_on"], by=self.request.user)
        messages.success(
            self.request, f"The last day of {seat.person.name} on {self.board.name} is recorded."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"End {self.seat().person.name}’s seat",
            submit_label="End the seat",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
