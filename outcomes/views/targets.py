"""Where a measure began, where it should be and by when: listed, added, changed, removed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from config.words import day_words, moment_words
from outcomes.actions import targets as actions
from outcomes.forms.targets import TargetForm
from outcomes.models import Measure, Target, TargetKind
from outcomes.queries import targets as queries
from outcomes.queries.series import words_for
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class TargetPages(PartnershipView):
    """What the pages about one measure's targets share."""

    permission = Permission.MANAGE_OUTCOMES
    measure: Measure

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Measure.objects.select_related("partnership")
            self.measure = get_object_or_404(rows, partnership=self.partnership, slug=kwargs["measure"])

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.partnership.slug, self.measure.slug, *args])

    def get_success_url(self) -> str:
        return self.url("target-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            {"label": "Outcomes", "url": reverse("dashboard", args=[self.partnership.slug])},
            {"label": self.measure.name, "url": self.url("measure")},
        ]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": "Targets", "url": self.get_success_url()})
        return super().get_context_data(**{"breadcrumbs": crumbs, **kwargs, "measure": self.measure})


class TargetList(TargetPages, TemplateView):
    permission = Permission.VIEW
    template_name = "outcomes/targets/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_OUTCOMES)
        may_see_history = self.may(Permission.VIEW_HISTORY)
        rows = queries.targets_of(self.measure)
        return super().get_context_data(
            page_title=f"Targets of {self.measure.name}",
            places=[
                {"place": place, "points": [self.point(one, may_manage, may_see_history) for one in found]}
                for place, found in groupby(rows, key=lambda one: one.place)
            ],
            removed=self.removed() if may_see_history else [],
            may_manage=may_manage,
            new_url=self.url("target-new") if may_manage else "",
            **kwargs,
        )

    def point(self, found: Target, may_manage: bool, may_see_history: bool) -> dict[str, Any]:
        is_past = found.due_on < timezone.localdate()
        return {
            "kind": found.kind,
            "label": queries.KIND_WORDS[found.kind],
            "text": words_for(self.measure, float(found.value)),
            "when": f"{'on' if found.kind == TargetKind.BASELINE else 'by'} {day_words(found.due_on)}",
            "is_past": is_past and found.kind != TargetKind.BASELINE,
            "note": found.note,
            "edit_url": self.url("target-edit", found.pk) if may_manage else "",
            "remove_url": self.url("target-remove", found.pk) if may_manage else "",
            "history_url": reverse("history", args=[self.partnership.slug, "target", found.pk])
            if may_see_history
            else "",
        }

    def removed(self) -> list[dict[str, str]]:
        return [
            {
                "what": f"{queries.KIND_WORDS[one.kind]} of {words_for(self.measure, float(one.value))} "
                f"for {one.place}, {day_words(one.due_on)}",
                "who": f"removed {moment_words(one.at)}{f' by {one.who}' if one.who else ''}",
            }
            for one in queries.removed_targets(self.measure)
        ]


class TargetFormView(TargetPages):
    form_class = TargetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"measure": self.measure}  # type: ignore[misc]

    def said(self, target: Target) -> str:
        word = queries.KIND_WORDS[target.kind].lower()
        value = words_for(self.measure, float(target.value))
        on = "on" if target.kind == TargetKind.BASELINE else "by"
        return f"The {word} for {target.place} is {value} {on} {day_words(target.due_on)}."


class AddTarget(ActionForm, TargetFormView, FormView):
    template_name = "outcomes/targets/form.html"

    def get_initial(self) -> dict[str, Any]:
        main = self.partnership.covered.filter(is_main=True).values_list("place", flat=True).first()
        return {
            "place": self.request.GET.get("place") or main,
            "kind": self.request.GET.get("kind") or "target",
        }

    def act(self, form: BaseForm) -> None:
        target = actions.add_target(measure=self.measure, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, self.said(target))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Add a target of {self.measure.name}", cancel_url=self.get_success_url(), **kwargs
        )


class OneTarget(VersionedForm, TargetPages):
    target: Target

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Target.objects.select_related("place")
            self.target = get_object_or_404(rows, measure=self.measure, pk=kwargs["target"])

    def record(self) -> Target:
        return self.target


class EditTarget(OneTarget, TargetFormView, FormView):
    template_name = "layouts/versioned_form.html"

    def get_initial(self) -> dict[str, Any]:
        found = self.target
        return {
            "kind": found.kind,
            "place": found.place_id,
            "value": f"{found.value.normalize():f}",
            "due_on": found.due_on,
            "note": found.note,
        }

    def act(self, form: BaseForm) -> None:
        saved = actions.edit_target(
            target=self.target,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, self.said(saved))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        word = queries.KIND_WORDS[self.target.kind].lower()
        return super().get_context_data(
            page_title=f"Change the {word} of {day_words(self.target.due_on)}",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class RemoveTarget(OneTarget, FormView):
    template_name = "outcomes/targets/remove.html"
    form_class = Form

    def act(self, form: BaseForm) -> None:
        actions.remove_target(
            target=self.target, expected_version=self.expected_version, by=self.request.user
        )
        messages.success(self.request, "It is removed. What it said stays in the history.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.target
        word = queries.KIND_WORDS[found.kind].lower()
        return super().get_context_data(
            page_title=f"Remove the {word} of {day_words(found.due_on)}",
            said=f"{words_for(self.measure, float(found.value))} for {found.place}",
            submit_label="Remove it",
            cancel_url=self.get_success_url(),
            **kwargs,
        )
