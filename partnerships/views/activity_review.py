"""Reviewing what was logged, where a partnership wants it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from config.words import day_words, moment_words
from partnerships.actions import activity_review as actions
from partnerships.errors import DomainError
from partnerships.forms.activity_review import ReviewForm
from partnerships.models import Activity, ReviewNote, ReviewStatus
from partnerships.queries import activities as queries
from partnerships.queries.activity_review import review_of, waiting_for_review
from partnerships.views.activity_door import activity_or_404
from people.access import PartnershipView, VersionedForm
from people.permissions import Permission

SHOWN = 100


def review_panel(view: PartnershipView, activity: Activity) -> dict[str, Any] | None:
    """What an activity's page says of its review; None where nothing is reviewed."""
    notes = review_of(activity)
    if not (view.partnership.reviews_activities or notes):
        return None
    person, waits = view.request.user, activity.review == ReviewStatus.SUBMITTED
    wrote = queries.is_author(activity, person)
    ready = activity.is_complete and activity.visibility != "authors"
    open_to_authors = view.partnership.reviews_activities and wrote
    return {
        "words": activity.get_review_display(),
        "tone": {"submitted": "blue", "sent_back": "yellow", "accepted": "green"}.get(
            activity.review, "grey"
        ),
        "notes": [note_row(note) for note in notes],
        "may_submit": open_to_authors and ready and activity.review in ("", ReviewStatus.SENT_BACK),
        "may_take_back": wrote and waits,
        "may_review": waits and not wrote and view.may(Permission.REVIEW_ACTIVITY),
    }


def note_row(note: ReviewNote) -> dict[str, Any]:
    step = "Submitted" if note.step == ReviewStatus.SUBMITTED else note.get_step_display()
    return {
        "title": step if note.step else note.comment.rstrip("."),
        "when": moment_words(note.at),
        "by": note.by.name,
        "comment": note.comment if note.step else "",
    }


class SubmitForReview(PartnershipView):
    """Submits an activity, or takes it back."""

    permission = Permission.VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        activity = activity_or_404(self, pk)
        back = request.POST.get("take_back") == "yes"
        act = actions.take_back if back else actions.submit
        try:
            act(activity=activity, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Taken back." if back else "Submitted for review.")
        return redirect("activity-detail", partnership=self.partnership.slug, pk=pk)


class ReviewActivity(VersionedForm, PartnershipView, FormView):
    """Where a reviewer reads an activity once more and decides."""

    permission = Permission.REVIEW_ACTIVITY
    form_class = ReviewForm
    template_name = "partnerships/activities/review.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.activity = activity_or_404(self, kwargs["pk"])

    def record(self) -> Activity:
        return self.activity

    def get_success_url(self) -> str:
        waits = waiting_for_review(self.partnership, self.request.user).exists()
        if waits:
            return reverse("activity-review-queue", args=[self.partnership.slug])
        return reverse("activity-detail", args=[self.partnership.slug, self.activity.pk])

    def act(self, form: BaseForm) -> None:
        accepts = self.request.POST.get("decision") == "accept"
        act = actions.accept if accepts else actions.send_back
        act(
            activity=self.activity,
            expected_version=self.expected_version,
            by=self.request.user,
            comment=form.cleaned_data["comment"],
        )
        done = "accepted" if accepts else "sent back"
        messages.success(self.request, f"“{self.activity.title}” is {done}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        url = reverse("activity-detail", args=[slug, self.activity.pk])
        return super().get_context_data(
            **kwargs
            | {
                "page_title": "Review this activity",
                "activity": self.activity,
                "panel": review_panel(self, self.activity),
                "cancel_url": url,
                "breadcrumbs": [
                    {"label": "Activities", "url": reverse("activity-list", args=[slug])},
                    {"label": self.activity.title, "url": url},
                ],
            }
        )


class ReviewQueue(PartnershipView, TemplateView):
    """What waits for this person to decide, the longest waiting first."""

    permission = Permission.REVIEW_ACTIVITY
    template_name = "partnerships/activities/review_queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        waiting = waiting_for_review(self.partnership, self.request.user).select_related("created_by")
        return super().get_context_data(
            **kwargs
            | {
                "page_title": "Activities to review",
                "rows": [self.row(activity) for activity in waiting[:SHOWN]],
                "total": waiting.count(),
                "reviews": self.partnership.reviews_activities,
                "breadcrumbs": [{"label": "Activities", "url": reverse("activity-list", args=[slug])}],
            }
        )

    def row(self, activity: Activity) -> dict[str, Any]:
        by = f", by {activity.created_by.name}" if activity.created_by else ""
        waits = f" · Submitted on {day_words(activity.submitted_at)}" if activity.submitted_at else ""
        return {
            "title": activity.title,
            "url": reverse("activity-review", args=[self.partnership.slug, activity.pk]),
            "meta": f"{activity.get_kind_display()}, {day_words(activity.happened_on)}{by}{waits}",
        }
