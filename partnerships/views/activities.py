"""One activity, and the form in which activities are logged and changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.generic import FormView, TemplateView

from config.forms import as_typed
from outcomes.actions.setting_up import edit_activity_for_outcomes, log_activity_for_outcomes
from outcomes.models import Outcome
from outcomes.queries.activities import outcomes_of
from partnerships.actions.activities import mark_next_step
from partnerships.errors import DomainError, EditConflict
from partnerships.forms.activities import ActivityForm, answers_of
from partnerships.forms.drafts import DraftFields, typed_only
from partnerships.models import Activity, ActivityKind, Draft, Visibility
from partnerships.queries import activities as queries
from partnerships.queries.drafts import drafts_of
from people.access import PartnershipView, take_kept_form
from people.permissions import Permission


def activity_or_404(view: PartnershipView, pk: int) -> Activity:
    """One that this person may see; what is not theirs to see does not exist for them."""
    rows = queries.visible(view.partnership, view.request.user).filter(pk=pk)
    found = rows.select_related("programme", "board", "place", "created_by").first()
    if found is None:
        raise Http404("There is no such activity here.")
    return found


def may_edit(view: PartnershipView, activity: Activity) -> bool:
    own = activity.created_by_id == view.request.user.pk
    return view.may(Permission.LOG_ACTIVITY) and (own or view.may(Permission.EDIT_ANY_ACTIVITY))


class ActivityDetail(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/activities/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        activity, slug = activity_or_404(self, kwargs["pk"]), self.partnership.slug
        may_change = may_edit(self, activity)
        return super().get_context_data(
            page_title=activity.title,
            activity=activity,
            facts=facts(activity, outcomes_of([activity]).get(activity.pk, []), slug),
            next_step_late=is_late(activity),
            learning=list(activity.learning.only("pk", "title", "learned_on", "partnership")),
            may_change=may_change,
            may_log=self.may(Permission.LOG_ACTIVITY),
            may_learn=self.may(Permission.WRITE_LEARNING),
            history_url=history_url(slug, activity) if self.may(Permission.VIEW_HISTORY) else "",
            breadcrumbs=[{"label": "Activities", "url": reverse("activity-list", args=[slug])}],
            **kwargs,
        )


def is_late(activity: Activity) -> bool:
    due = activity.next_step_on
    return due is not None and activity.next_step_done_on is None and due < timezone.localdate()


def facts(activity: Activity, outcomes: list[Outcome], slug: str) -> list[dict[str, Any]]:
    """What is known of an activity, as rows of a summary list; what is not known has no row."""
    log = reverse("activity-list", args=[slug])
    linked = {
        "organisation": ("Organisations", list(activity.organisations.all())),
        "person": ("People", list(activity.people.all())),
        "programme": ("Programme", [activity.programme]),
        "board": ("Board", [activity.board]),
        "outcome": ("Outcomes it should help", outcomes),
        "place": ("Place", [activity.place]),
    }
    rows = [
        {"label": "When", "value": date_format(activity.happened_on, "l j F Y")},
        {"label": "Kind", "value": activity.get_kind_display()},
        {"label": "How long", "value": activity.how_long},
    ]
    for name, (label, found) in linked.items():
        values = [{"text": str(one), "url": f"{log}?{name}={one.pk}"} for one in found if one is not None]
        rows.append({"label": label, "values_list": values, "value": bool(values)})
    seen_by = "Only you" if activity.visibility == Visibility.AUTHORS else activity.get_visibility_display()
    rows += [
        {"label": "Logged by", "value": activity.created_by.name if activity.created_by else ""},
        {"label": "Who can see it", "value": seen_by},
    ]
    return [row for row in rows if row["value"]]


def history_url(slug: str, activity: Activity) -> str:
    try:
        return reverse("history", args=[slug, "activity", activity.pk])
    except NoReverseMatch:
        return ""


class NextStep(PartnershipView):
    """Says that the next step was done, or was not after all."""

    permission = Permission.LOG_ACTIVITY
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        activity = activity_or_404(self, pk)
        if not may_edit(self, activity):
            raise PermissionDenied("Only the person who logged this, or an officer, can change it.")
        done = request.POST.get("done") != "no"
        try:
            mark_next_step(activity=activity, done=done, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Next step done." if done else "The next step is open again.")
        return redirect("activity-detail", partnership=self.partnership.slug, pk=pk)


# --- Logging and changing ----------------------------------------------------------------------------------------
class ActivityFormView(PartnershipView, FormView):
    """What logging and changing share: drafts, kept text, and two ways to save."""

    permission = Permission.LOG_ACTIVITY
    form_class = ActivityForm
    template_name = "partnerships/activities/form.html"
    activity: Activity | None = None
    saved: dict[str, Any] | None = None
    typed: dict[str, list[str]] | None = None
    draft: Draft | None = None
    other_drafts: list[Draft] = []
    was_signed_out = False

    @property
    def draft_form(self) -> str:
        return f"activity:{self.activity.pk if self.activity else 'new'}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An opened form shows what was typed and not saved: before a sign-out first, then in the newest draft."""
        sent = take_kept_form(request)
        drafts = list(drafts_of(self.partnership, request.user, self.draft_form))
        wanted = request.GET.get("draft", "")
        chosen = [draft for draft in drafts if str(draft.pk) == wanted] or drafts
        if sent:
            self.was_signed_out, self.typed = True, typed_only(sent)
            carried = {name: values[0] for name, values in sent.items() if values}
            self.carried = DraftFields.sent(self.draft_form, carried)
        elif chosen and "blank" not in request.GET:
            self.draft, self.typed = chosen[0], chosen[0].fields
            self.carried = DraftFields.for_new_page(self.draft_form, self.draft)
        else:
            self.carried = DraftFields.for_new_page(self.draft_form)
        self.other_drafts = [draft for draft in drafts if draft != self.draft]
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.carried = DraftFields.sent(self.draft_form, request.POST)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "partnership": self.partnership,
            "by": self.request.user,
            "saved": self.saved,
            "is_author": self.activity is None or self.activity.created_by_id == self.request.user.pk,
            "later": "later" in self.request.POST,
        }

    def get_form(self, form_class: Any = None) -> ActivityForm:
        form = super().get_form(form_class)
        if self.typed is not None:
            form.initial.update(as_typed(form, self.typed))
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["form"].fetch_choices()
        slug = self.partnership.slug
        return context | {
            "quick": context["form"].quick(),
            "sections": context["form"].sections(),
            "carried": self.carried.hidden(),
            "autosave_url": reverse("activity-draft", args=[slug]),
            "discard_url": reverse("activity-draft-discard", args=[slug]),
            "draft": self.draft,
            "other_drafts": [draft_row(draft, self.request.path) for draft in self.other_drafts],
            "was_signed_out": self.was_signed_out,
            "offers_later": self.activity is None or not self.activity.is_complete,
        }

    def form_valid(self, form: ActivityForm) -> HttpResponse:
        later = "later" in self.request.POST
        try:
            activity = self.record(
                form, is_complete=not later, draft=self.carried.key_or_none(), **form.facts()
            )
        except EditConflict as conflict:
            return self.conflicted(form, conflict)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
        messages.success(self.request, self.thanks(later))
        return redirect("activity-detail", partnership=self.partnership.slug, pk=activity.pk)


def draft_row(draft: Draft, path: str) -> dict[str, Any]:
    title = (draft.fields.get("title") or [""])[0].strip()
    kept = date_format(timezone.localtime(draft.saved_at), "H:i \\o\\n j F")
    return {"title": title or "No title yet", "kept": kept, "url": f"{path}?draft={draft.pk}"}


class LogActivity(ActivityFormView):
    def get_initial(self) -> dict[str, Any]:
        """Today's meeting; links from elsewhere may fill in what it is for, or an activity that it is like."""
        initial: dict[str, Any] = {}
        like = self.request.GET.get("like", "")
        if like.isascii() and like.isdecimal() and len(like) < 19:
            rows = queries.visible(self.partnership, self.request.user)
            model = rows.filter(pk=int(like)).first()
            if model is not None:
                initial = answers_of(model, outcomes_of([model]).get(model.pk, []))
                for name in ("what_happened", "next_step", "next_step_on"):
                    del initial[name]
        for name in ("programme", "board", "place", "outcomes", "organisations"):
            if self.request.GET.get(name):
                initial[name] = self.request.GET.getlist(name)[: None if name.endswith("s") else 1]
        return {"kind": ActivityKind.MEETING} | initial | {"happened_on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("activity-list", args=[self.partnership.slug])
        return super().get_context_data(page_title="Log an activity", cancel_url=url, **kwargs)

    def record(self, form: ActivityForm, **facts: Any) -> Activity:
        return log_activity_for_outcomes(partnership=self.partnership, by=self.request.user, **facts)

    def thanks(self, later: bool) -> str:
        return "Saved. It waits on your home page to be finished." if later else "Activity saved."


class ChangeActivity(ActivityFormView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.read(kwargs["pk"])

    def read(self, pk: int) -> None:
        self.activity = activity_or_404(self, pk)
        self.saved = answers_of(self.activity, outcomes_of([self.activity]).get(pk, []))

    def check_permission(self) -> None:
        super().check_permission()
        if not may_edit(self, self.activity):
            raise PermissionDenied("Only the person who logged this, or an officer, can change it.")

    def get_initial(self) -> dict[str, Any]:
        return dict(self.saved)

    @property
    def version(self) -> str:
        """The version that the answers started from: a draft's own, so that a change since is noticed."""
        if self.request.method == "POST":
            return self.request.POST.get("version", "")
        return (self.typed or {}).get("version", [""])[0] or str(self.activity.version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("version", self.version)
        url = reverse("activity-detail", args=[self.partnership.slug, self.activity.pk])
        return super().get_context_data(
            page_title="Change this activity",
            activity=self.activity,
            cancel_url=url,
            breadcrumbs=[
                {"label": "Activities", "url": reverse("activity-list", args=[self.partnership.slug])},
                {"label": self.activity.title, "url": url},
            ],
            **kwargs,
        )

    def record(self, form: ActivityForm, **facts: Any) -> Activity:
        version = self.version if self.version.isascii() and self.version.isdecimal() else "0"
        return edit_activity_for_outcomes(
            activity=self.activity, expected_version=int(version[:9]), by=self.request.user, **facts
        )

    def conflicted(self, form: ActivityForm, conflict: EditConflict) -> HttpResponse:
        """Their text stays in the form, what is saved now stands beside it, and saving again goes on top of that."""
        self.read(self.activity.pk)
        told = {"differences": form.differences(self.saved), "saved_by": queries.last_saved_by(self.activity)}
        form.add_error(None, conflict.message)
        context = self.get_context_data(form=form, version=conflict.current_version, conflict=told)
        return self.render_to_response(context, status=409)

    def thanks(self, later: bool) -> str:
        return "Saved. It waits on your home page to be finished." if later else "Your changes are saved."
