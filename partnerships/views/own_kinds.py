"""Settings of the activity log: kinds of the partnership's own, and whether activities are reviewed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView

from config.words import day_words
from partnerships.actions import own_kinds as actions
from partnerships.actions.activity_review import set_review
from partnerships.forms.own_kinds import OwnKindForm, ReviewSettingForm
from partnerships.models import OwnKind
from partnerships.queries import own_kinds as queries
from people.access import ActionForm, PartnershipView
from people.permissions import Permission


class SettingsPage(PartnershipView):
    permission = Permission.MANAGE_PARTNERSHIP

    def get_success_url(self) -> str:
        return reverse("activity-settings", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        crumbs = [{"label": "Activities", "url": reverse("activity-list", args=[slug])}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": "Settings", "url": self.get_success_url()})
        return super().get_context_data(
            **{"breadcrumbs": crumbs, "cancel_url": self.get_success_url(), **kwargs}
        )


class ActivitySettings(ActionForm, SettingsPage, FormView):
    form_class = ReviewSettingForm
    template_name = "partnerships/activities/settings.html"

    def get_initial(self) -> dict[str, Any]:
        return {"reviews": "yes" if self.partnership.reviews_activities else "no"}

    def act(self, form: Any) -> None:
        set_review(partnership=self.partnership, wanted=form.cleaned_data["reviews"], by=self.request.user)
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [self.row(kind) for kind in queries.with_counts(self.partnership)]
        log = reverse("activity-list", args=[self.partnership.slug])
        return super().get_context_data(
            **kwargs | {"page_title": "Settings of activities", "kinds": kinds, "cancel_url": log}
        )

    def row(self, kind: OwnKind) -> dict[str, Any]:
        slug = self.partnership.slug
        used = f"{kind.used:,} {'activity' if kind.used == 1 else 'activities'}"
        ended = f", not offered since {day_words(kind.ended_on)}" if kind.ended_on else ""
        return {
            "name": kind.name,
            "about": used + ended,
            "rename_url": reverse("own-kind-rename", args=[slug, kind.pk]),
            "end_url": "" if kind.ended_on else reverse("own-kind-end", args=[slug, kind.pk]),
        }


class AddOwnKind(ActionForm, SettingsPage, FormView):
    form_class = OwnKindForm
    template_name = "layouts/form.html"

    def act(self, form: Any) -> None:
        kind = actions.add_own_kind(
            partnership=self.partnership, name=form.cleaned_data["name"], by=self.request.user
        )
        messages.success(self.request, f"“{kind}” can be chosen now.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"page_title": "Add a kind of activity"})


class OwnKindPage(SettingsPage):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.kind = get_object_or_404(queries.own_kinds(self.partnership), pk=kwargs["own_kind"])


class RenameOwnKind(ActionForm, OwnKindPage, FormView):
    form_class = OwnKindForm
    template_name = "layouts/form.html"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.kind.name}

    def act(self, form: Any) -> None:
        actions.rename_own_kind(kind=self.kind, name=form.cleaned_data["name"], by=self.request.user)
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"page_title": "Rename a kind of activity"})


class EndOwnKind(OwnKindPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kind = actions.end_own_kind(kind=self.kind, by=request.user)
        messages.success(request, f"“{kind}” is offered no longer. Activities of it keep it.")
        return redirect(self.get_success_url())
