"""One commitment: reading it, making it, changing it, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from outcomes.actions.commitments import (
    commit_next_step_for_outcomes,
    edit_commitment_for_outcomes,
    make_commitment_for_outcomes,
)
from outcomes.queries import activities as activity_outcomes
from outcomes.queries.commitments import outcomes_of
from partnerships.actions.commitments import undo_commitment
from partnerships.actions.commitments_closing import refuse_verifier
from partnerships.errors import DomainError
from partnerships.forms.commitments import CommitmentForm
from partnerships.models import (
    Activity,
    AgendaItem,
    Board,
    Commitment,
    CommitmentStatus,
    Decision,
    Meeting,
    Programme,
    Verdict,
    Visibility,
)
from partnerships.queries.activities import visible as visible_activities
from partnerships.queries.commitments import is_overdue
from partnerships.queries.commitments_story import story_of
from partnerships.renderers.commitment_facts import came_from, facts
from partnerships.renderers.commitments import state_tag, story_items
from partnerships.renderers.rows import activity_row
from partnerships.views.comments import thread
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission

NAMED = (
    "owner",
    "owner_organisation",
    "accountable",
    "enabler",
    "board",
    "meeting__board",
    "agenda_item",
    "decision",
    "activity",
    "programme",
    "closed_by",
    "verified_by",
    "created_by",
    "changed_into",
)


def may_change(view: PartnershipView, commitment: Commitment) -> bool:
    """Who made, owns or answers for it, and those who prepare meetings."""
    mine = view.request.user.pk in {
        commitment.owner_id,
        commitment.accountable_id,
        commitment.created_by_id,
    }
    return view.may(Permission.COMMIT) and (mine or view.may(Permission.MANAGE_MEETINGS))


def may_reopen(view: PartnershipView, commitment: Commitment) -> bool:
    """Whoever found it not adequate may open it again, too."""
    found = commitment.verdict == Verdict.NOT_ADEQUATE and commitment.verified_by_id == view.request.user.pk
    return may_change(view, commitment) or (found and view.may(Permission.COMMIT))


class CommitmentPage(PartnershipView):
    """What the pages of one commitment share."""

    commitment: Commitment

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Commitment.objects.select_related(*NAMED)
            self.commitment = get_object_or_404(rows, partnership=self.partnership, pk=kwargs["pk"])

    def record(self) -> Commitment:
        return self.commitment

    def get_success_url(self) -> str:
        return reverse("commitment-detail", args=[self.partnership.slug, self.commitment.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [{"label": "Commitments", "url": reverse("commitment-list", args=[self.partnership.slug])}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": self.commitment.what, "url": self.get_success_url()})
        shared = {
            "breadcrumbs": crumbs,
            "commitment": self.commitment,
            "cancel_url": self.get_success_url(),
        }
        return super().get_context_data(**shared | kwargs)


class ChangesCommitment(CommitmentPage):
    """A page for those who may change this commitment."""

    permission = Permission.COMMIT

    def check_permission(self) -> None:
        super().check_permission()
        if not may_change(self, self.commitment):
            raise PermissionDenied(
                "Only who made, owns or answers for this commitment can change it, or somebody who prepares meetings."
            )


class CommitmentDetail(CommitmentPage, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/commitments/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, slug, user = self.commitment, self.partnership.slug, self.request.user
        seen = visible_activities(self.partnership, user)
        moved = seen.filter(commitments=one)[:20]
        source = seen.filter(pk=one.activity_id).first() if one.activity_id else None
        return super().get_context_data(
            page_title=one.what,
            tag=state_tag(one),
            facts=facts(one, slug, outcomes_of([one]).get(one.pk, [])),
            came_from=came_from(one, slug, source),
            story=story_items(story_of(one)),
            thread=thread(self, one),
            moved=[activity_row(activity, slug) for activity in moved],
            changed_from=list(one.changed_from.only("pk", "what", "partnership")),
            is_late=is_overdue(one),
            may=self.what_may_be_done(),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )

    def what_may_be_done(self) -> dict[str, bool]:
        """The buttons that this person gets."""
        one = self.commitment
        is_open, commits = one.status == CommitmentStatus.OPEN, self.may(Permission.COMMIT)
        changes = may_change(self, one)
        return {
            "take_on": is_open and commits and one.owner_id is None,
            "close": is_open and changes,
            "edit": is_open and changes,
            "reopen": not is_open and may_reopen(self, one) and one.changed_into_id is None,
            "verify": commits and may_verify(one, self.request.user),
            "undo": commits and may_undo(one, self.request.user),
        }


def may_verify(commitment: Commitment, person: Any) -> bool:
    try:
        refuse_verifier(commitment, person)
    except DomainError:
        return False
    return True


def may_undo(commitment: Commitment, person: Any) -> bool:
    """Whether to offer it; the action looks closer."""
    is_new = timezone.localdate(commitment.created_at) == timezone.localdate()
    return is_new and commitment.created_by_id == person.pk and commitment.version == 1


# --- Making and changing -----------------------------------------------------------------------------------------
class CommitmentFormPage(FormView):
    form_class = CommitmentForm
    template_name = "partnerships/commitments/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["form"].fetch_choices()
        return context | {"quick": context["form"].quick(), "sections": context["form"].sections()}


# What a link from elsewhere may say that a commitment comes from, by the name in the address.
ORIGINS: dict[str, tuple[str, type[Model]]] = {
    "activity": ("activity", Activity),
    "meeting": ("meeting", Meeting),
    "item": ("agenda_item", AgendaItem),
    "decision": ("decision", Decision),
    "board": ("board", Board),
    "programme": ("programme", Programme),
}


class MakeCommitment(ActionForm, PartnershipView, CommitmentFormPage):
    """The address says where it comes from; what it names must be of this partnership, and theirs to see."""

    permission = Permission.COMMIT

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.origins: dict[str, Any] = {}
        if request.user.is_authenticated:
            for name, (field, model) in ORIGINS.items():
                if request.GET.get(name):
                    self.origins[field] = self.found(model, request.GET[name])

    def found(self, model: type[Model], key: str) -> Model:
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            raise Http404("There is no such record here.")
        ours = model._default_manager.filter(partnership=self.partnership)
        rows = visible_activities(self.partnership, self.request.user) if model is Activity else ours
        return get_object_or_404(rows, pk=int(key))

    def get_initial(self) -> dict[str, Any]:
        given = {name: one.pk for name, one in self.origins.items() if name in CommitmentForm.CHOSEN}
        source = self.origins.get("decision") or self.origins.get("agenda_item")
        if source is not None:
            given["meeting"] = source.meeting_id
        activity = self.origins.get("activity")
        if activity is not None:
            outcomes = activity_outcomes.outcomes_of([activity]).get(activity.pk, [])
            given = {
                "board": activity.board_id,
                "programme": activity.programme_id,
                "outcomes": outcomes,
            } | given
            if not activity.commitments_made.exists():
                given |= {"what": activity.next_step[:300], "due_on": activity.next_step_on}
        return given

    def act(self, form: BaseForm) -> None:
        fixed = {n: one for n, one in self.origins.items() if n not in CommitmentForm.CHOSEN}
        self.made = make_commitment_for_outcomes(
            partnership=self.partnership, by=self.request.user, **fixed, **form.cleaned_data
        )
        messages.success(self.request, "The commitment is made.")

    def get_success_url(self) -> str:
        return reverse("commitment-detail", args=[self.partnership.slug, self.made.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("commitment-list", args=[self.partnership.slug])
        activity = self.origins.get("activity")
        return super().get_context_data(
            page_title="Make a commitment",
            breadcrumbs=[{"label": "Commitments", "url": list_url}],
            cancel_url=reverse("activity-detail", args=[self.partnership.slug, activity.pk])
            if activity
            else list_url,
            submit_label="Make the commitment",
            origins=[(name.replace("_", " "), str(one)) for name, one in self.origins.items()],
            goes_wider=activity is not None and activity.visibility != Visibility.PARTNERSHIP,
            **kwargs,
        )


class ChangeCommitment(ChangesCommitment, VersionedForm, CommitmentFormPage):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"saved": self.commitment}

    def get_initial(self) -> dict[str, Any]:
        one = self.commitment
        plain = {name: getattr(one, name) for name in ("what", "detail", "due_on")}
        keys = {name: getattr(one, f"{name}_id") for name in CommitmentForm.CHOSEN if name != "outcomes"}
        return plain | keys | {"outcomes": outcomes_of([one]).get(one.pk, [])}

    def act(self, form: BaseForm) -> None:
        edit_commitment_for_outcomes(
            commitment=self.commitment,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Change this commitment", submit_label="Save changes", **kwargs
        )


class CommitmentFromNextStep(PartnershipView):
    """One click: an activity's next step becomes a commitment of whoever logged it. It can be taken back or changed."""

    permission = Permission.COMMIT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, activity: int, **kwargs: Any) -> HttpResponse:
        rows = visible_activities(self.partnership, request.user)
        source = get_object_or_404(rows, pk=activity)
        try:
            made = commit_next_step_for_outcomes(activity=source, by=request.user)
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            who = f"{made.owner.name} owns it" if made.owner else "Nobody owns it yet"
            messages.success(request, f"The next step is a commitment now. {who}.")
        return redirect("activity-detail", partnership=self.partnership.slug, pk=source.pk)


class UndoCommitment(CommitmentPage):
    """Takes back what was made by mistake a moment ago."""

    permission = Permission.COMMIT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        activity = self.commitment.activity_id
        try:
            undo_commitment(commitment=self.commitment, by=request.user)
        except DomainError as refused:
            messages.error(request, refused.message)
            return redirect(self.get_success_url())
        messages.success(request, "The commitment is taken back.")
        if activity and visible_activities(self.partnership, request.user).filter(pk=activity).exists():
            return redirect("activity-detail", partnership=self.partnership.slug, pk=activity)
        return redirect("commitment-list", partnership=self.partnership.slug)
