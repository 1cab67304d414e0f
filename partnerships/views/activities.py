"""One activity, and the form in which activities are logged and changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
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
from partnerships.actions.activity_templates import keep_template
from partnerships.errors import DomainError, EditConflict
from partnerships.forms.activities import ActivityForm, answers_of
from partnerships.forms.drafts import DraftFields, typed_only
from partnerships.models import Activity, ActivityKind, ActivityTemplate, Commitment, Draft, Visibility
from partnerships.queries import activities as queries
from partnerships.queries.activity_templates import templates_for
from partnerships.queries.commitments import of_activity
from partnerships.queries.drafts import drafts_of
from partnerships.queries.own_kinds import key_of
from partnerships.renderers.commitments import promised_in
from partnerships.renderers.documents import document_rows
from partnerships.views.activity_door import activity_or_404, may_edit
from partnerships.views.activity_review import review_panel
from partnerships.views.comments import thread
from people.access import PartnershipView, take_kept_form
from people.permissions import Permission

MOST_OFFERED = 12


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
            tags=tags(activity),
            next_step_late=is_late(activity),
            promised=promised_in(
                activity, list(of_activity(activity)), slug, may_commit=self.may(Permission.COMMIT)
            ),
            review=review_panel(self, activity),
            thread=thread(self, activity),
            documents=document_rows(
                activity.attachments.select_related("uploaded_by"), slug, may_remove=may_change
            ),
            learning=list(activity.learning.only("pk", "title", "learned_on", "partnership")),
            may_change=may_change,
            may_log=self.may(Permission.LOG_ACTIVITY),
            may_learn=self.may(Permission.WRITE_LEARNING),
            history_url=history_url(slug, activity) if self.may(Permission.VIEW_HISTORY) else "",
            breadcrumbs=[{"label": "Activities", "url": reverse("activity-list", args=[slug])}],
            **kwargs,
        )


def tags(activity: Activity) -> list[dict[str, str]]:
    """What is to be known of it before it is read."""
    found = [
        (not activity.is_complete, "To finish", "yellow"),
        (activity.visibility == Visibility.AUTHORS, "Only its authors see this", "purple"),
        (activity.visibility == Visibility.BOARD, "Only its board sees this", "purple"),
        (activity.kind == ActivityKind.SETBACK, "Setback", "orange"),
    ]
    return [{"text": text, "tone": tone} for holds, text, tone in found if holds]


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
        "theme": ("Strategy themes", list(activity.themes.all())),
    }
    rows = [
        {"label": "When", "value": date_format(activity.happened_on, "l j F Y")},
        {
            "label": "Kind",
            "value": activity.get_kind_display(),
            "url": f"{log}?kind={key_of(activity)}",
        },
        {"label": "How long", "value": activity.how_long},
    ]
    for name, (label, found) in linked.items():
        values = [{"text": str(one), "url": f"{log}?{name}={one.pk}"} for one in found if one is not None]
        rows.append({"label": label, "values_list": values, "value": bool(values)})
    moved = [commitment_link(commitment, slug) for commitment in activity.commitments.all()]
    rows += [
        {"label": "Moved forward", "values_list": moved, "value": bool(moved)},
        {"label": "Logged by", "value": activity.created_by.name if activity.created_by else ""},
        {"label": "Written with", "value": ", ".join(sorted(one.name for one in activity.authors.all()))},
        {"label": "Who can see it", "value": seen_by(activity)},
    ]
    return [row for row in rows if row["value"]]


def commitment_link(commitment: Commitment, slug: str) -> dict[str, str]:
    return {"text": commitment.what, "url": reverse("commitment-detail", args=[slug, commitment.pk])}


def seen_by(activity: Activity) -> str:
    if activity.visibility == Visibility.BOARD:
        return f"Only the people on {activity.board} and its authors"
    return "Only its authors" if activity.visibility == Visibility.AUTHORS else "Everyone in the partnership"


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
            "is_author": self.activity is None or queries.is_author(self.activity, self.request.user),
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
        slug, sections = self.partnership.slug, context["form"].sections()
        return context | {
            "quick": context["form"].quick(),
            "who": context["form"].who(),
            "sections": sections,
            "more_is_open": any(section.is_open for section in sections),
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
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "keep_template" in request.POST:
            return self.keep_template()
        return super().post(request, *args, **kwargs)

    def keep_template(self) -> HttpResponse:
        """The form stays as it is, saved or not, and what is in it is kept for another time."""
        sent = self.request.POST
        self.carried = DraftFields.sent(self.draft_form, sent)
        try:
            kept = keep_template(
                partnership=self.partnership,
                by=self.request.user,
                name=sent.get("template_name", ""),
                fields=typed_only(sent),
                is_shared="template_shared" in sent,
            )
        except DomainError as error:
            messages.error(self.request, error.message)
        else:
            messages.success(
                self.request, f"Kept as the template “{kept.name}”. The activity is not saved yet."
            )
        form = ActivityForm(partnership=self.partnership, by=self.request.user)
        form.initial = as_typed(form, typed_only(sent))
        return self.render_to_response(self.get_context_data(form=form))

    def template(self) -> ActivityTemplate | None:
        pk = self.request.GET.get("template", "")
        if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
            return None
        return templates_for(self.partnership, self.request.user).filter(pk=int(pk)).first()

    def get_form(self, form_class: Any = None) -> ActivityForm:
        form = super().get_form(form_class)
        template = self.template() if self.typed is None and not form.is_bound else None
        if template is not None:
            begun = as_typed(form, template.fields)
            form.initial |= {name: begun[name] for name in begun if name in template.fields}
            if {"minutes_hours", "minutes_minutes"} & template.fields.keys():
                form.initial["minutes"] = begun["minutes"]
        return form

    def get_initial(self) -> dict[str, Any]:
        """Today's meeting; links from elsewhere may fill in what it is for, or an activity that it is like."""
        initial: dict[str, Any] = {}
        like = self.request.GET.get("like", "")
        if like.isascii() and like.isdecimal() and len(like) < 19:
            rows = queries.visible(self.partnership, self.request.user)
            model = rows.filter(pk=int(like)).first()
            if model is not None:
                initial = answers_of(model, outcomes_of([model]).get(model.pk, []))
                for name in ("what_happened", "next_step", "next_step_on", "commitments"):
                    del initial[name]
        for name in ("programme", "board", "place", "outcomes", "organisations"):
            if self.request.GET.get(name):
                initial[name] = self.request.GET.getlist(name)[: None if name.endswith("s") else 1]
        return {"kind": ActivityKind.MEETING.value} | initial | {"happened_on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        url, new = reverse("activity-list", args=[slug]), reverse("activity-new", args=[slug])
        found = templates_for(self.partnership, self.request.user)
        return super().get_context_data(
            page_title="Log an activity",
            cancel_url=url,
            templates=[
                {"name": one.name, "url": f"{new}?blank=1&template={one.pk}"} for one in found[:MOST_OFFERED]
            ],
            **kwargs,
        )

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
