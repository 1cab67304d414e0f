"""Meetings of a board: planned, read, changed, cancelled, held, printed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from config.words import day_words
from partnerships.actions.meetings import (
    cancel_meeting,
    edit_meeting,
    mark_held,
    plan_again,
    plan_meetings,
)
from partnerships.errors import DomainError
from partnerships.forms.meetings import CancelForm, MeetingForm, PlanForm
from partnerships.models import Meeting, MeetingStatus
from partnerships.queries import agendas, commitments
from partnerships.queries import meetings as queries
from partnerships.renderers import meetings as words
from partnerships.renderers.commitments import commitment_row
from partnerships.renderers.documents import document_rows
from partnerships.views.boards import BoardPage
from people.access import ActionForm, VersionedForm
from people.permissions import Permission
from people.renderers.voices import voices_block


class MeetingList(BoardPage, TemplateView):
    """Every meeting of a board, those to come first."""

    permission = Permission.VIEW_BOARD
    template_name = "partnerships/meetings/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        board, slug = self.board, self.partnership.slug

        def rows(found: Any) -> list[dict[str, Any]]:
            return [words.meeting_row(meeting, slug) for meeting in found]

        return super().get_context_data(
            page_title=f"Meetings of {board.name}",
            upcoming=rows(queries.upcoming(board)),
            unmarked=rows(queries.to_be_marked(board)),
            past=rows(queries.held(board)),
            may_prepare=self.may(Permission.MANAGE_MEETINGS),
            **kwargs,
        )


class MeetingPage(BoardPage):
    """What the pages of one meeting share."""

    meeting: Meeting

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Meeting.objects.select_related("board__partnership")
            self.meeting = get_object_or_404(rows, board=self.board, pk=kwargs["meeting"])

    def meeting_url(self) -> str:
        return words.meeting_url(self.meeting, self.partnership.slug)

    def get_success_url(self) -> str:
        return self.meeting_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        crumbs = [{"label": self.board.name, "url": reverse("board-detail", args=[slug, self.board.pk])}]
        if self.may(Permission.VIEW):
            crumbs.insert(0, {"label": "Boards", "url": reverse("board-list", args=[slug])})
        if self.request.path != self.meeting_url():
            label = self.meeting.title or f"Meeting of {day_words(self.meeting.held_on)}"
            crumbs.append({"label": label, "url": self.meeting_url()})
        given = {"breadcrumbs": crumbs, "cancel_url": self.meeting_url()}
        return super().get_context_data(**given | kwargs | {"meeting": self.meeting})


class MeetingDetail(MeetingPage, TemplateView):
    """Readable by a seat holder from another partnership."""

    permission = Permission.VIEW_BOARD
    template_name = "partnerships/meetings/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, slug = self.meeting, self.partnership.slug
        items = agendas.agenda_of(meeting)
        is_open = meeting.minutes_agreed_on is None
        may_prepare = self.may(Permission.MANAGE_MEETINGS)
        may_change = may_prepare and is_open
        loose = [d for d in queries.decisions_at(meeting) if d.agenda_item_id is None]
        return super().get_context_data(
            page_title=f"{meeting.title or self.board.name}, {day_words(meeting.held_on)}",
            status=words.status_tag(meeting),
            agenda=words.agenda_rows(meeting, items, slug, may_manage=may_change),
            papers=document_rows(queries.loose_papers(meeting), slug, may_remove=may_change),
            missing=[item.title for item in agendas.papers_missing(items)],
            attendance=words.attendance_groups(queries.attendance_of(meeting)),
            decisions=[words.decision_row(decision, slug) for decision in loose],
            has_notes=any(item.notes for item in items) or bool(meeting.minutes),
            may_prepare=may_prepare,
            may_change=may_change,
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **told_of(meeting, items),
            **self.promised(),
            **kwargs,
        )

    def promised(self) -> dict[str, Any]:
        slug, is_member = self.partnership.slug, self.may(Permission.VIEW)
        may_commit = self.may(Permission.COMMIT) and self.meeting.status != MeetingStatus.CANCELLED
        new_url = f"{reverse('commitment-new', args=[slug])}?meeting={self.meeting.pk}"
        return {
            "commitments": [
                commitment_row(one, slug, links=is_member) for one in commitments.of_meeting(self.meeting)
            ],
            "commitment_new_url": new_url if may_commit else "",
        }


def told_of(meeting: Meeting, items: list[Any]) -> dict[str, Any]:
    """When and how long it is, and what may be done with it on this day."""
    today = timezone.localdate()
    planned = meeting.status == MeetingStatus.PLANNED
    return {
        "when": words.when_words(meeting),
        "days": words.days_to_go(meeting.held_on) if planned and meeting.held_on >= today else "",
        "length": words.length_sentence(agendas.length_of(meeting, items)),
        "papers_due": day_words(meeting.papers_due_on) if meeting.papers_due_on else "",
        "agreed_on": day_words(meeting.minutes_agreed_on) if meeting.minutes_agreed_on else "",
        "is_planned": planned,
        "is_held": meeting.status == MeetingStatus.HELD,
        "is_cancelled": meeting.status == MeetingStatus.CANCELLED,
        "has_been": meeting.held_on <= today and meeting.status != MeetingStatus.CANCELLED,
    }


class PlanMeeting(ActionForm, BoardPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "layouts/form.html"
    form_class = PlanForm

    def get_initial(self) -> dict[str, Any]:
        """Time and place are mostly those of the last time."""
        last = queries.meetings_of(self.board).order_by("-held_on", "-pk").first()
        if last is None:
            return {}
        return {name: getattr(last, name) for name in ("starts_at", "ends_at", "where", "link")}

    def act(self, form: BaseForm) -> HttpResponse | None:
        planned = plan_meetings(board=self.board, by=self.request.user, **form.cleaned_data)
        if len(planned) > 1:
            messages.success(self.request, f"{len(planned)} meetings are planned.")
            return redirect("meeting-list", partnership=self.partnership.slug, board=self.board.pk)
        messages.success(self.request, "The meeting is planned. Now make its agenda.")
        return redirect(words.meeting_url(planned[0], self.partnership.slug))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Plan a meeting", submit_label="Plan it", cancel_url=self.get_success_url(), **kwargs
        )


class ChangeMeeting(VersionedForm, MeetingPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "layouts/versioned_form.html"
    form_class = MeetingForm

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.meeting, name) for name in MeetingForm.base_fields}

    def record(self) -> Meeting:
        return self.meeting

    def act(self, form: BaseForm) -> None:
        edit_meeting(
            meeting=self.meeting,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Change the meeting", **kwargs)


class CancelMeeting(ActionForm, MeetingPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "layouts/form.html"
    form_class = CancelForm

    def act(self, form: BaseForm) -> None:
        cancel_meeting(meeting=self.meeting, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The meeting is cancelled.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Cancel the meeting", submit_label="Cancel the meeting", **kwargs
        )


class TurnMeeting(MeetingPage, View):
    """One press of a button: a meeting was held, or is planned again."""

    permission = Permission.MANAGE_MEETINGS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            said = self.turn()
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, said)
        return redirect(self.meeting_url())

    def turn(self) -> str:
        raise NotImplementedError


class MarkHeld(TurnMeeting):
    def turn(self) -> str:
        mark_held(meeting=self.meeting, by=self.request.user)
        return "It is recorded that this meeting was held. Now say who was there."


class PlanAgain(TurnMeeting):
    def turn(self) -> str:
        plan_again(meeting=self.meeting, by=self.request.user)
        return "The meeting is planned again."


# --- On paper ----------------------------------------------------------------------------------------------------
class MeetingPack(MeetingPage, TemplateView):
    """What everybody reads before a meeting: agenda, papers, what was promised and what was decided last time."""

    permission = Permission.VIEW_BOARD
    template_name = "partnerships/meetings/pack.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, slug = self.meeting, self.partnership.slug
        items = agendas.agenda_of(meeting)
        before = queries.one_before(meeting)
        since = queries.decisions_at(before) if before else []
        owed = commitments.of_board(self.board).filter(commitments.is_open())
        is_member = self.may(Permission.VIEW)
        return super().get_context_data(
            page_title=f"{meeting.title or self.board.name}: pack",
            agenda=words.agenda_rows(meeting, items, slug),
            papers=document_rows(queries.loose_papers(meeting), slug),
            before=words.when_words(before) if before else "",
            decisions=[words.decision_with_meeting(decision, slug) for decision in since],
            commitments=[commitment_row(one, slug, links=is_member) for one in owed],
            voices=voices_block(self.board, self.request.user),
            dashboard_url=reverse("dashboard", args=[slug]) if is_member else "",
            reports_url=reverse("report-list", args=[slug]) if is_member else "",
            **told_of(meeting, items),
            **kwargs,
        )


class MeetingMinutes(MeetingPage, TemplateView):
    """The minutes as they are sent round: who was there, what was said and decided, what was promised."""

    permission = Permission.VIEW_BOARD
    template_name = "partnerships/meetings/minutes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, slug = self.meeting, self.partnership.slug
        items = agendas.agenda_of(meeting)
        loose = [d for d in queries.decisions_at(meeting) if d.agenda_item_id is None]
        promised = commitments.of_meeting(meeting)
        is_member = self.may(Permission.VIEW)
        return super().get_context_data(
            page_title=f"{meeting.title or self.board.name}: minutes",
            agenda=words.agenda_rows(meeting, items, slug),
            attendance=words.attendance_groups(queries.attendance_of(meeting)),
            decisions=[words.decision_row(decision, slug) for decision in loose],
            commitments=[commitment_row(one, slug, links=is_member) for one in promised],
            **told_of(meeting, items),
            **kwargs,
        )
