"""After a meeting: who was there, what was decided and said, and that the minutes are agreed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from partnerships.actions import decisions as actions
from partnerships.actions.attendance import record_attendance
from partnerships.actions.meetings import agree_minutes, reopen_minutes, write_minutes
from partnerships.forms.attendance import AttendanceForm
from partnerships.forms.decisions import DecisionForm, FollowUpForm
from partnerships.forms.documents import ConfirmForm
from partnerships.forms.meetings import AgreeForm, MinutesForm
from partnerships.models import AgendaItem, Decision, Meeting
from partnerships.queries import agendas
from partnerships.queries import meetings as queries
from partnerships.queries.boards import sitting_on
from partnerships.renderers.meetings import decision_with_meeting, when_words
from partnerships.views.boards import BoardPage
from partnerships.views.meetings import MeetingPage
from people.access import ActionForm, VersionedForm
from people.permissions import Permission


class TakeAttendance(ActionForm, MeetingPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "partnerships/meetings/attendance.html"
    form_class = AttendanceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "meeting": self.meeting,
            "seats": sitting_on(self.board, self.meeting.held_on),
            "known": queries.attendance_of(self.meeting),
        }

    def act(self, form: BaseForm) -> None:
        record_attendance(meeting=self.meeting, people=form.people(), by=self.request.user)
        messages.success(self.request, "Who was there is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Who was there", when=when_words(self.meeting), **kwargs)


# --- Minutes -----------------------------------------------------------------------------------------------------
class WriteMinutes(VersionedForm, MeetingPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "layouts/versioned_form.html"
    form_class = MinutesForm

    @cached_property
    def items(self) -> list[AgendaItem]:
        return agendas.agenda_of(self.meeting)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"items": self.items}

    def get_initial(self) -> dict[str, Any]:
        return {"minutes": self.meeting.minutes}

    def record(self) -> Meeting:
        return self.meeting

    def act(self, form: BaseForm) -> None:
        write_minutes(
            meeting=self.meeting,
            expected_version=self.expected_version,
            minutes=form.cleaned_data["minutes"],
            notes=form.notes(),
            by=self.request.user,
        )
        messages.success(self.request, "The minutes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Minutes", submit_label="Save the minutes", **kwargs)


class AgreeMinutes(ActionForm, MeetingPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "partnerships/meetings/agree.html"
    form_class = AgreeForm

    def get_initial(self) -> dict[str, Any]:
        return {"agreed_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        agree_minutes(meeting=self.meeting, on=form.cleaned_data["agreed_on"], by=self.request.user)
        messages.success(self.request, "The minutes are agreed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="The minutes are agreed", submit_label="They are agreed", **kwargs
        )


class ReopenMinutes(ActionForm, MeetingPage, FormView):
    permission = Permission.MANAGE_MEETINGS
    template_name = "partnerships/meetings/reopen.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        reopen_minutes(meeting=self.meeting, by=self.request.user)
        messages.success(self.request, "The minutes are open. They have to be agreed again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Open the agreed minutes again?", submit_label="Open them", **kwargs
        )


# --- Decisions ---------------------------------------------------------------------------------------------------
class DecisionList(BoardPage, TemplateView):
    """Everything that a board decided, and what became of it."""

    permission = Permission.VIEW_BOARD
    template_name = "partnerships/meetings/decisions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        return super().get_context_data(
            page_title=f"What {self.board.name} decided",
            decisions=[decision_with_meeting(d, slug) for d in queries.decisions_of(self.board)],
            may_prepare=self.may(Permission.MANAGE_MEETINGS),
            **kwargs,
        )


class RecordDecision(ActionForm, MeetingPage, FormView):
    """`?item=` says under which item of the agenda it was decided."""

    permission = Permission.MANAGE_MEETINGS
    template_name = "layouts/form.html"
    form_class = DecisionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"meeting": self.meeting}

    def get_initial(self) -> dict[str, Any]:
        return {"agenda_item": self.request.GET.get("item", "")}

    def act(self, form: BaseForm) -> None:
        actions.record_decision(meeting=self.meeting, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The decision is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Record a decision", **kwargs)


class DecisionPage(MeetingPage):
    permission = Permission.MANAGE_MEETINGS
    decision: Decision

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Decision.objects.select_related("meeting", "rule", "agenda_item")
            self.decision = get_object_or_404(rows, meeting=self.meeting, pk=kwargs["decision"])


class ChangeDecision(VersionedForm, DecisionPage, FormView):
    template_name = "partnerships/meetings/decision.html"
    form_class = DecisionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"meeting": self.meeting, "cited": self.decision.rule_id}

    def record(self) -> Decision:
        return self.decision

    def get_initial(self) -> dict[str, Any]:
        found = self.decision
        keys = {"rule": found.rule_id, "agenda_item": found.agenda_item_id}
        return {"what": found.what, "why": found.why} | keys

    def act(self, form: BaseForm) -> None:
        actions.edit_decision(
            decision=self.decision,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = [self.partnership.slug, self.board.pk, self.meeting.pk, self.decision.pk]
        return super().get_context_data(
            page_title="Change the decision", remove_url=reverse("decision-remove", args=given), **kwargs
        )


class FollowUpDecision(VersionedForm, DecisionPage, FormView):
    template_name = "partnerships/meetings/follow_up.html"
    form_class = FollowUpForm

    def record(self) -> Decision:
        return self.decision

    def get_initial(self) -> dict[str, Any]:
        return {
            "effect": self.decision.effect,
            "effect_note": self.decision.effect_note,
            "effect_on": timezone.localdate(),
        }

    def act(self, form: BaseForm) -> None:
        actions.follow_up_decision(
            decision=self.decision,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "What became of the decision is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_see = self.may(Permission.VIEW_HISTORY)
        given = [self.partnership.slug, "decision", self.decision.pk]
        return super().get_context_data(
            page_title="What became of this decision",
            decision=self.decision,
            history_url=reverse("history", args=given) if may_see else "",
            **kwargs,
        )


class RemoveDecision(ActionForm, DecisionPage, FormView):
    template_name = "partnerships/meetings/remove_decision.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        actions.remove_decision(decision=self.decision, by=self.request.user)
        messages.success(self.request, "The decision is removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Remove the decision?", decision=self.decision, submit_label="Remove it", **kwargs
        )
