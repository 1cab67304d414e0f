"""The learning log and its entries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.views.generic import FormView, TemplateView

from learning.actions.entries import edit_entry, write_entry
from learning.forms.entries import LearningForm, LogFilters
from learning.models import LearningEntry, Verdict
from learning.queries import entries as queries
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Activity
from partnerships.queries.activities import visible
from people.access import PartnershipView, take_kept_form
from people.permissions import Permission

PER_PAGE = 25


class LearningLog(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "learning/log.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = LogFilters(self.request.GET or None, partnership=self.partnership)
        chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
        filters = queries.Filters(
            text=chosen.get("q", ""),
            verdict=chosen.get("verdict", ""),
            outcome_id=chosen["outcome"].pk if chosen.get("outcome") else None,
            unanswered=bool(chosen.get("unanswered")),
        )
        is_filtered = any(chosen.values())
        page = Paginator(queries.entries(self.partnership, filters), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            page_title="Learning log",
            filters=form,
            clear_url=reverse("learning-list", args=[self.partnership.slug]) if is_filtered else "",
            page=page,
            rows=[log_row(entry, self.partnership.slug) for entry in page],
            counts=queries.counts(self.partnership),
            may_write=self.may(Permission.WRITE_LEARNING),
            **kwargs,
        )


TONES = {Verdict.WORKED: "blue", Verdict.MIXED: "grey", Verdict.DID_NOT_WORK: "orange"}


def log_row(entry: LearningEntry, slug: str) -> dict[str, Any]:
    about = [date_format(entry.learned_on, "j F Y"), entry.outcome.title if entry.outcome else ""]
    changes = f"What changes: {entry.what_changes}" if entry.what_changes else "Still open: what will change?"
    return {
        "title": entry.title,
        "url": reverse("learning-detail", args=[slug, entry.pk]),
        "text": Truncator(changes).chars(200),
        "meta": ", ".join(part for part in about if part),
        "tag": {"text": entry.get_verdict_display(), "tone": TONES[Verdict(entry.verdict)]},
    }


def facts(entry: LearningEntry, activity: Activity | None) -> list[dict[str, Any]]:
    slug = entry.partnership.slug
    rows = [{"label": "Where it came from", "value": entry.get_came_from_display()}]
    if activity:
        url = reverse("activity-detail", args=[slug, activity.pk])
        rows.append({"label": "Activity", "value": activity.title, "url": url})
    if entry.outcome:
        url = reverse("outcome-detail", args=[slug, entry.outcome_id])
        rows.append({"label": "Outcome", "value": entry.outcome.title, "url": url})
    if entry.owner:
        rows.append({"label": "Who sees that it changes something", "value": entry.owner.name})
    if entry.review_on:
        rows.append({"label": "Look at it again", "value": date_format(entry.review_on, "j F Y")})
    if entry.created_by:
        rows.append({"label": "Written by", "value": entry.created_by.name})
    return rows


def crumbs(slug: str, entry: LearningEntry | None = None) -> list[dict[str, str]]:
    found = [{"label": "Learning log", "url": reverse("learning-list", args=[slug])}]
    if entry:
        found.append({"label": entry.title, "url": reverse("learning-detail", args=[slug, entry.pk])})
    return found


class LearningDetail(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "learning/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = LearningEntry.objects.select_related(
            "partnership", "outcome", "owner", "created_by", "activity"
        )
        entry = get_object_or_404(rows, partnership=self.partnership, pk=kwargs["pk"])
        activity = entry.activity if queries.may_see_activity(entry, self.request.user) else None
        return super().get_context_data(
            page_title=entry.title,
            breadcrumbs=crumbs(self.partnership.slug),
            entry=entry,
            facts=facts(entry, activity),
            tone=TONES[Verdict(entry.verdict)],
            may_edit=self.may(Permission.WRITE_LEARNING) and may_edit(self, entry),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


def may_edit(view: PartnershipView, entry: LearningEntry) -> bool:
    """Their own, or any entry for those who may edit what others logged."""
    return entry.created_by_id == view.request.user.pk or view.may(Permission.EDIT_ANY_ACTIVITY)


class LearningFormView(PartnershipView, FormView):
    """What writing and changing an entry share."""

    permission = Permission.WRITE_LEARNING
    form_class = LearningForm
    template_name = "learning/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs() | {"partnership": self.partnership}
        kept = take_kept_form(self.request) if self.request.method == "GET" else None
        if kept:
            # Typed before the session expired: shown as it was, with nothing refused before it is sent again.
            kwargs["initial"] = {**kwargs["initial"], **_as_initial(kept)}
            messages.info(
                self.request, "We kept what you typed before you were signed out. It is not saved yet."
            )
        return kwargs

    def refused(self, form: LearningForm, error: DomainError) -> HttpResponse:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return self.form_invalid(form)


def _as_initial(kept: dict[str, list[str]]) -> dict[str, Any]:
    """The browser's fields as a form's initial values; a date comes in three parts."""
    initial: dict[str, Any] = {name: values[0] for name, values in kept.items() if values}
    for name in ("learned_on", "review_on"):
        parts = [initial.pop(f"{name}_{part}", "") for part in ("year", "month", "day")]
        if all(part.isdecimal() for part in parts):
            initial[name] = "{:04d}-{:02d}-{:02d}".format(*map(int, parts))
    return initial


class WriteLearning(LearningFormView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.activity: Activity | None = None
        key = request.GET.get("activity", "")
        if request.user.is_authenticated and key.isdecimal():
            self.activity = visible(self.partnership, request.user).filter(pk=int(key[:18])).first()

    def get_initial(self) -> dict[str, Any]:
        initial = {"learned_on": timezone.localdate(), "owner": self.request.user.pk}
        if self.activity is not None:
            linked = self.activity.outcome_links.values_list("outcome_id", flat=True).first()
            initial |= {"learned_on": self.activity.happened_on, "outcome": linked}
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Write what we learned",
            breadcrumbs=crumbs(self.partnership.slug),
            activity=self.activity,
            **kwargs,
        )

    def form_valid(self, form: LearningForm) -> HttpResponse:
        try:
            entry = write_entry(
                partnership=self.partnership,
                by=self.request.user,
                activity=self.activity,
                **form.cleaned_data,
            )
        except DomainError as error:
            return self.refused(form, error)
        messages.success(self.request, "Saved to the learning log.")
        return redirect("learning-detail", partnership=self.partnership.slug, pk=entry.pk)


class ChangeLearning(LearningFormView):
    entry: LearningEntry

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = LearningEntry.objects.select_related("partnership", "activity")
            self.entry = get_object_or_404(rows, partnership=self.partnership, pk=kwargs["pk"])

    def check_permission(self) -> None:
        super().check_permission()
        if not may_edit(self, self.entry):
            raise PermissionDenied("Only the person who wrote this, or an officer, can change it.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.entry, name) for name in LearningForm.base_fields} | {
            "outcome": self.entry.outcome_id,
            "owner": self.entry.owner_id,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A form sent back for another mistake keeps the version that its edit started from.
        kwargs.setdefault("version", self.request.POST.get("version") or self.entry.version)
        return super().get_context_data(
            page_title="Change what we learned",
            breadcrumbs=crumbs(self.partnership.slug, self.entry),
            entry=self.entry,
            activity=self.entry.activity,
            **kwargs,
        )

    def form_valid(self, form: LearningForm) -> HttpResponse:
        version = self.request.POST.get("version", "")
        try:
            edit_entry(
                entry=self.entry,
                expected_version=int(version) if version.isdecimal() else 0,
                by=self.request.user,
                **form.cleaned_data,
            )
        except EditConflict as conflict:
            self.entry.refresh_from_db()
            return self.conflicted(form, conflict)
        except DomainError as error:
            return self.refused(form, error)
        messages.success(self.request, "Your changes are saved.")
        return redirect("learning-detail", partnership=self.partnership.slug, pk=self.entry.pk)

    def conflicted(self, form: LearningForm, conflict: EditConflict) -> HttpResponse:
        """Both texts on one page: theirs in the form, the saved one beside it; saving again goes on top of the new version."""
        now = [
            {
                "label": form.fields[name].label,
                "saved": getattr(self.entry, name),
                "yours": form[name].value(),
            }
            for name in ("title", "expected", "happened", "why", "what_changes")
            if getattr(self.entry, name) != form.cleaned_data[name]
        ]
        form.add_error(None, conflict.message)
        context = self.get_context_data(form=form, version=conflict.current_version, differences=now)
        return self.render_to_response(context, status=409)
