"""Boards and forums: the list by level, one board with its seats, and setting them up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import day_words
from partnerships.actions.boards import add_board, close_board, edit_board, reopen_board
from partnerships.forms.boards import BoardForm, CloseBoardForm, vacancy_words
from partnerships.forms.documents import ConfirmForm
from partnerships.models import Board, BoardLevel, Meeting, Seat, Vacancy, Visibility
from partnerships.queries import agendas, commitments, meetings
from partnerships.queries import boards as queries
from partnerships.queries.activities import visible
from partnerships.renderers.commitments import became_of, commitment_row
from partnerships.renderers.meetings import (
    days_to_go,
    decision_with_meeting,
    meeting_row,
    meeting_url,
    when_words,
)
from partnerships.renderers.rows import activity_row
from people.access import ActionForm, BoardView, PartnershipView, VersionedForm
from people.permissions import Permission
from people.queries.leavers import hidden_among
from people.renderers.voices import voices_block

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
            may_see_influence=self.may(Permission.VIEW_INFLUENCE),
            **kwargs,
        )


def row(board: Board, slug: str) -> dict[str, Any]:
    people = f"{board.members} {'person' if board.members == 1 else 'people'}"
    about = [
        people,
        f"meets {board.meets[:1].lower()}{board.meets[1:]}" if board.meets else "",
        f"next on {day_words(board.next_on)}" if board.next_on else "",
        f"reports to {board.reports_to}" if board.reports_to else "",
    ]
    return {
        "title": board.name,
        "url": reverse("board-detail", args=[slug, board.pk]),
        "text": board.purpose,
        "meta": ", ".join(part for part in about if part),
        "tag": tag(board),
    }


def tag(board: Board) -> dict[str, str] | None:
    """What a list should not leave out: that a board stopped, that nobody chairs it, or that seats are empty."""
    if board.ended_on:
        return {"text": f"Ended {day_words(board.ended_on)}", "tone": "grey"}
    empty = f"{board.vacant} empty seat{'' if board.vacant == 1 else 's'}" if board.vacant else ""
    if not board.chaired:
        return {"text": f"No chair, {empty}" if empty else "No chair", "tone": "orange"}
    return {"text": empty, "tone": "yellow"} if empty else None


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
        is_member, slug = self.may(Permission.VIEW), self.partnership.slug
        may_manage = self.may(Permission.MANAGE_BOARDS)
        now, before = queries.seats_on(self.board)
        hidden = hidden_among({seat.person_id for seat in before}, self.partnership, self.request.user)
        told = [seat for seat in before if is_member and seat.person_id not in hidden]
        vacancies = list(queries.open_vacancies(self.board))
        return super().get_context_data(
            page_title=self.board.name,
            facts=facts(self.board, slug, links=is_member),
            seats=seat_table(now, slug, "Who sits on it", ends=may_manage, board=self.board),
            before=seat_table(told, slug, "Who sat on it before") if told else None,
            left=len(before) - len(told) if is_member else 0,
            vacancies=[vacancy_row(one, self.board, slug) for one in vacancies],
            lacks_chair=not queries.has_chair(now) and not self.board.ended_on,
            may_manage=may_manage,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            is_member=is_member,
            **self.around() if is_member else {"activities": self.for_this_board()},
            **chairs_view(self, is_member=is_member),
            voices=voices_block(self.board, self.request.user),
            **kwargs,
        )

    def around(self) -> dict[str, Any]:
        """What a member of the partnership sees of the other boards and of the log."""
        newest = visible(self.partnership, self.request.user).filter(board=self.board)[:10]
        return {
            "shared": queries.shared_people(self.board),
            "reporting": queries.reporting_to(self.board),
            "activities": [activity_row(a, self.partnership.slug) for a in newest],
        }

    def for_this_board(self) -> list[dict[str, Any]]:
        """What a seat holder from elsewhere sees of the log: what was written for this board alone, and not its page."""
        seen = visible(self.partnership, self.request.user)
        rows = seen.filter(board=self.board, visibility=Visibility.BOARD)[:10]
        return [
            activity_row(one, self.partnership.slug) | {"url": "", "text": one.what_happened} for one in rows
        ]


def chairs_view(page: BoardPage, *, is_member: bool) -> dict[str, Any]:
    """The next meeting and what is missing for it, what was promised, and what became of what was decided."""
    board, slug = page.board, page.partnership.slug
    following = list(meetings.upcoming(board)[:4])
    may_prepare = page.may(Permission.MANAGE_MEETINGS)
    promised = commitments.of_board(board)
    owed = promised.filter(commitments.is_open())
    may_commit = is_member and page.may(Permission.COMMIT) and not board.ended_on
    return {
        "next_meeting": next_meeting(following[0], slug) if following else None,
        "later_meetings": [meeting_row(meeting, slug) for meeting in following[1:]],
        "unmarked": [meeting_row(m, slug) for m in meetings.to_be_marked(board)] if may_prepare else [],
        "past_meetings": [meeting_row(meeting, slug) for meeting in meetings.held(board)[:3]],
        "decisions": [decision_with_meeting(d, slug) for d in meetings.decisions_of(board)[:5]],
        "commitments": [commitment_row(one, slug, links=is_member) for one in owed[:10]],
        "became_of": became_of(commitments.count(promised)),
        "commitment_new_url": f"{reverse('commitment-new', args=[slug])}?board={board.pk}"
        if may_commit
        else "",
        "commitments_url": f"{reverse('commitment-list', args=[slug])}?board={board.pk}" if is_member else "",
        "may_prepare": may_prepare,
    }


def next_meeting(meeting: Meeting, slug: str) -> dict[str, Any]:
    items = agendas.agenda_of(meeting)
    missing = agendas.papers_missing(items)
    return {
        "title": meeting.title,
        "when": when_words(meeting),
        "days": days_to_go(meeting.held_on),
        "where": meeting.where,
        "link": meeting.link,
        "papers_due": day_words(meeting.papers_due_on) if meeting.papers_due_on else "",
        "items": [item.title for item in items],
        "missing": [item.title for item in missing],
        "url": meeting_url(meeting, slug),
        "pack_url": meeting_url(meeting, slug, "meeting-pack"),
    }


def vacancy_row(vacancy: Vacancy, board: Board, slug: str) -> dict[str, Any]:
    return {
        "words": vacancy_words(vacancy),
        "since": day_words(vacancy.since),
        "fill_url": f"{reverse('seat-new', args=[slug, board.pk])}?vacancy={vacancy.pk}",
        "close_url": reverse("vacancy-close", args=[slug, board.pk, vacancy.pk]),
    }


def facts(board: Board, slug: str, *, links: bool) -> list[dict[str, Any]]:
    """`links` for those who may follow them: somebody with a seat on this board only may not."""

    def line(above: Board) -> dict[str, str]:
        return {
            "text": above.name,
            "url": reverse("board-detail", args=[slug, above.pk]) if links else "",
        }

    above = [board.reports_to] if board.reports_to else []
    lines = [line(one) for one in [*above, *board.also_reports_to.all()]]
    shown = [
        {"label": "Level", "value": board.get_level_display()},
        {"label": "Meets", "value": board.meets},
        {"label": "Place", "value": board.place.name if board.place else ""},
        {"label": "Host", "value": board.host.name if board.host else ""},
        {"label": "Reports to", "values_list": lines, "value": bool(lines)},
        {"label": "Began", "value": day_words(board.started_on) if board.started_on else ""},
        {"label": "Stopped meeting", "value": day_words(board.ended_on) if board.ended_on else ""},
        {"label": "Why it stopped", "value": board.ended_because},
    ]
    return [fact for fact in shown if fact["value"]]


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
        plain = ("name", "level", "purpose", "terms", "meets", "started_on")
        keys = {
            "place": self.board.place_id,
            "host": self.board.host_id,
            "reports_to": self.board.reports_to_id,
            "also_reports_to": [above.pk for above in self.board.also_reports_to.all()],
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


class CloseBoard(VersionedForm, BoardPage, FormView):
    """The board stops meeting: the page says first what ends with it."""

    permission = Permission.MANAGE_BOARDS
    template_name = "partnerships/boards/close.html"
    form_class = CloseBoardForm

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def record(self) -> Board:
        return self.board

    def act(self, form: BaseForm) -> None:
        close_board(
            board=self.board,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"{self.board.name} is closed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, _before = queries.seats_on(self.board)
        return super().get_context_data(
            page_title=f"Close {self.board.name}",
            submit_label="Close the board",
            seats=len(now),
            planned=meetings.upcoming(self.board).count(),
            vacancies=queries.open_vacancies(self.board).count(),
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class ReopenBoard(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_BOARDS
    template_name = "partnerships/boards/reopen.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        reopen_board(board=self.board, by=self.request.user)
        messages.success(self.request, f"{self.board.name} meets again. Now say who sits on it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Open {self.board.name} again?",
            submit_label="Open it again",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
