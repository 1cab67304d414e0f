"""Making a programme from a template, and a template from a programme."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from config.words import day_words
from outcomes.actions.programme_templates import edit_template, end_template, keep_as_template, use_template
from outcomes.blueprints import Blueprint
from outcomes.forms.programme_templates import KeepTemplateForm, TemplateForm, UseTemplateForm, asked_words
from outcomes.models import ProgrammeTemplate
from outcomes.queries.programme_templates import Offered, blueprint_from, offered
from people.access import ActionForm, PartnershipView, ProgrammeView, VersionedForm
from people.permissions import Permission


class FromTemplate(ActionForm, PartnershipView, FormView):
    """Choose a template; then one form makes the whole programme. Which template stands in the address."""

    permission = Permission.MANAGE_PROGRAMMES
    form_class = UseTemplateForm

    @cached_property
    def templates(self) -> list[Offered]:
        return offered(self.partnership)

    @cached_property
    def chosen(self) -> Offered | None:
        key = self.request.GET.get("template", "")
        if not key:
            return None
        found = next((one for one in self.templates if one.key == key), None)
        if found is None:
            raise Http404("There is no such template here.")
        return found

    def get_template_names(self) -> list[str]:
        return [f"outcomes/programmes/{'from_template' if self.chosen else 'choose_template'}.html"]

    def get_form(self, form_class: Any = None) -> BaseForm:
        """Nothing is asked before a template is chosen."""
        return super().get_form(form_class) if self.chosen else Form()

    def get_form_kwargs(self) -> dict[str, Any]:
        assert self.chosen is not None
        return super().get_form_kwargs() | {
            "partnership": self.partnership,
            "blueprint": self.chosen.blueprint,
            "may_add_outcome": self.may(Permission.MANAGE_OUTCOMES),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        assert self.chosen is not None
        self.programme = use_template(
            partnership=self.partnership,
            template=self.chosen.blueprint,
            by=self.request.user,
            **form.said(),  # type: ignore[attr-defined]
        )
        messages.success(self.request, f"{self.programme.name} is set up, with what it counts and asks.")

    def get_success_url(self) -> str:
        return reverse("programme-detail", args=[self.partnership.slug, self.programme.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        list_url = reverse("programme-list", args=[self.partnership.slug])
        crumbs = [{"label": "Programmes", "url": list_url}]
        here: dict[str, Any] = {"page_title": "A programme from a template", "cancel_url": list_url}
        if self.chosen:
            crumbs.append({"label": here["page_title"], "url": self.request.path})
            here |= {
                "page_title": f"Set up: {self.chosen.blueprint.name}",
                "preview": preview(self.chosen.blueprint),
                "submit_label": "Make the programme",
            }
        else:
            here["templates"] = [self.template_card(one) for one in self.templates]
        return super().get_context_data(breadcrumbs=crumbs, **here, **kwargs)

    def template_card(self, one: Offered) -> dict[str, Any]:
        slug, blueprint = self.partnership.slug, one.blueprint
        may_change = one.record is not None and self.may(Permission.MANAGE_OUTCOMES)
        counted = len(blueprint.measures)
        return {
            "title": blueprint.name,
            "url": f"{self.request.path}?template={one.key}",
            "text": blueprint.description,
            "meta": f"{one.origin}. {counted} measure{'' if counted == 1 else 's'}, {len(blueprint.questions)} questions.",
            "edit_url": reverse("programme-template-edit", args=[slug, one.record.pk])
            if may_change and one.record
            else "",
        }


def preview(blueprint: Blueprint) -> dict[str, Any]:
    """What a template will make, before it makes it."""
    columns = [
        {"label": "Measure"},
        {"label": "What is counted", "wide": True},
        {"label": "Unit"},
        {"label": "Broken down by"},
        {"label": "How it comes in"},
    ]
    rows = [
        [
            {"text": line.name, "header": True},
            {"text": line.definition},
            {"text": line.unit},
            {"text": ", ".join(part.dimension for part in line.breakdowns)},
            {"text": asked_words(line.frequency, blueprint.calendar)},
        ]
        for line in blueprint.measures
    ]
    return {
        "measures": {"id": "preview", "caption": "What it counts", "columns": columns, "rows": rows},
        "questions": [
            {"text": question.text, "hint": question.hint, "annual": question.is_annual}
            for question in blueprint.questions
        ],
        "notes": blueprint.notes,
        "source": blueprint.source,
        "calendar": blueprint.calendar.label if blueprint.calendar else "",
    }


class KeepTemplate(ActionForm, ProgrammeView, FormView):
    """Makes a template of a programme."""

    permission = Permission.MANAGE_OUTCOMES
    template_name = "outcomes/programmes/keep_template.html"
    form_class = KeepTemplateForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.programme.name[:120]}

    def get_success_url(self) -> str:
        return reverse("programme-from-template", args=[self.partnership.slug])

    def act(self, form: BaseForm) -> None:
        template = keep_as_template(programme=self.programme, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"“{template.name}” can be used for new programmes now.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Keep {self.programme} as a template",
            submit_label="Keep it",
            cancel_url=reverse("programme-detail", args=[self.partnership.slug, self.programme.pk]),
            **kwargs,
        )


class TemplatePage(PartnershipView):
    """A page of one of the partnership's own templates."""

    permission = Permission.MANAGE_OUTCOMES
    template: ProgrammeTemplate

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = ProgrammeTemplate.objects.filter(partnership=self.partnership)
            self.template = get_object_or_404(rows, pk=kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("programme-from-template", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            {"label": "Programmes", "url": reverse("programme-list", args=[self.partnership.slug])},
            {"label": "A programme from a template", "url": self.get_success_url()},
        ]
        ended = self.template.ended_on
        return super().get_context_data(
            breadcrumbs=crumbs,
            cancel_url=self.get_success_url(),
            template=self.template,
            ended=day_words(ended) if ended else "",
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


class ChangeTemplate(VersionedForm, TemplatePage, FormView):
    template_name = "outcomes/programmes/template.html"
    form_class = TemplateForm

    def record(self) -> ProgrammeTemplate:
        return self.template

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"blueprint": blueprint_from(self.template)}

    def get_initial(self) -> dict[str, Any]:
        keys = [line.key for line in blueprint_from(self.template).measures]
        names = ("name", "description", "is_shared")
        return {name: getattr(self.template, name) for name in names} | {"measures": keys}

    def act(self, form: TemplateForm) -> None:
        edit_template(
            template=self.template,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.said(),
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Change “{self.template.name}”", **kwargs)


class EndTemplate(ActionForm, TemplatePage, FormView):
    template_name = "partnerships/programmes/remove.html"
    form_class = Form

    def act(self, form: BaseForm) -> None:
        template = end_template(template=self.template, by=self.request.user)
        messages.success(self.request, f"“{template.name}” has ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="End this template?",
            what=self.template.name,
            why="Nobody can use it for new programmes from now on. Programmes that were made with it stay as they are.",
            submit_label="End the template",
            **kwargs,
        )
