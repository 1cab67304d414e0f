"""Templates of activities: kept, renamed, shared, removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from outcomes.queries.activities import outcomes_of
from partnerships.actions import activity_templates as actions
from partnerships.forms.activities import as_sent
from partnerships.forms.activity_templates import TemplateForm
from partnerships.models import ActivityTemplate
from partnerships.queries.activity_templates import templates_for
from partnerships.views.activity_door import activity_or_404
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class TemplatePage(PartnershipView):
    permission = Permission.LOG_ACTIVITY

    def get_success_url(self) -> str:
        return reverse("activity-templates", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        crumbs = [{"label": "Activities", "url": reverse("activity-list", args=[slug])}]
        if self.request.path != self.get_success_url():
            crumbs.append({"label": "Templates", "url": self.get_success_url()})
        return super().get_context_data(
            **{"breadcrumbs": crumbs, "cancel_url": self.get_success_url(), **kwargs}
        )


class TemplateList(TemplatePage, TemplateView):
    template_name = "partnerships/activities/templates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = templates_for(self.partnership, self.request.user)
        return super().get_context_data(
            **kwargs | {"page_title": "Templates", "templates": [self.row(one) for one in found]}
        )

    def row(self, template: ActivityTemplate) -> dict[str, Any]:
        slug, own = self.partnership.slug, template.created_by_id == self.request.user.pk
        new = reverse("activity-new", args=[slug])
        whose = "Yours" if own else f"By {template.created_by}"
        shared = ", shared with everybody who logs activities" if template.is_shared else ", only for you"
        change = reverse("activity-template-change", args=[slug, template.pk])
        return {
            "name": template.name,
            "about": whose + shared,
            "use_url": f"{new}?blank=1&template={template.pk}",
            "change_url": change if own else "",
            "remove_url": reverse("activity-template-remove", args=[slug, template.pk])
            if own or self.may(Permission.MANAGE_PARTNERSHIP)
            else "",
        }


class KeepTemplate(ActionForm, TemplatePage, FormView):
    """An activity as the beginning of others."""

    form_class = TemplateForm
    template_name = "layouts/form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.activity = activity_or_404(self, kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.activity.title[: actions.LONGEST_NAME]}

    def act(self, form: Any) -> None:
        fields = as_sent(self.activity, outcomes_of([self.activity]).get(self.activity.pk, []))
        kept = actions.keep_template(
            partnership=self.partnership, by=self.request.user, fields=fields, **form.cleaned_data
        )
        messages.success(self.request, f"Kept as the template “{kept.name}”.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("activity-detail", args=[self.partnership.slug, self.activity.pk])
        told = {"page_title": "Keep as a template", "cancel_url": url, "submit_label": "Keep as a template"}
        return super().get_context_data(**kwargs | told)


class OwnTemplate(TemplatePage):
    """A page about a template of one's own."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = templates_for(self.partnership, request.user)
            self.template = get_object_or_404(found, pk=kwargs["template"])

    def is_own(self) -> bool:
        return self.template.created_by_id == self.request.user.pk

    def check_permission(self) -> None:
        super().check_permission()
        if not self.is_own():
            raise PermissionDenied("Only the person who made a template changes it.")


class ChangeTemplate(VersionedForm, OwnTemplate, FormView):
    form_class = TemplateForm
    template_name = "layouts/versioned_form.html"

    def record(self) -> ActivityTemplate:
        return self.template

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.template.name, "is_shared": self.template.is_shared}

    def act(self, form: Any) -> None:
        actions.change_template(
            template=self.template,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"page_title": "Change a template"})


class RemoveTemplate(OwnTemplate):
    """Its maker removes it; a manager also what is shared."""

    http_method_names = ["post"]

    def is_own(self) -> bool:
        return super().is_own() or self.may(Permission.MANAGE_PARTNERSHIP)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actions.remove_template(template=self.template, by=request.user)
        messages.success(request, f"The template “{self.template.name}” is removed.")
        return redirect(self.get_success_url())
