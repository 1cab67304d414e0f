"""Strategies that the partnership aligns to: the list, one with what aligns to each theme, and setting them up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from outcomes.queries.themes import outcomes_by_theme
from partnerships.actions.strategies import (
    add_strategy,
    add_theme,
    edit_strategy,
    remove_theme,
    rename_theme,
)
from partnerships.forms.partnership_page import NewStrategyForm, StrategyForm, ThemeForm
from partnerships.models import Strategy, StrategyTheme
from partnerships.queries import partnership_page as queries
from partnerships.renderers import partnership_page as rendered
from partnerships.renderers.sections import about_links
from partnerships.views.partnership_page import AboutView
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class StrategyList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/about/strategies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        found = queries.strategies_of(self.partnership)
        return super().get_context_data(
            page_title="Strategies",
            sections=about_links(self.partnership, "strategy-list"),
            strategies=[rendered.strategy_row(one, slug) for one in found],
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            **kwargs,
        )


class StrategySection(AboutView):
    def list_name(self) -> str:
        return "strategy-list"

    def list_label(self) -> str:
        return "Strategies"


class OneStrategy(StrategySection):
    strategy: Strategy

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = Strategy.objects.select_related("organisation", "partnership")
            self.strategy = get_object_or_404(found, partnership=self.partnership, pk=kwargs["strategy"])

    def get_success_url(self) -> str:
        return reverse("strategy-detail", args=[self.partnership.slug, self.strategy.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"cancel_url": self.get_success_url()} | kwargs | {"strategy": self.strategy}
        )


class StrategyDetail(OneStrategy, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/about/strategy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.may(Permission.MANAGE_PARTNERSHIP)
        return super().get_context_data(
            page_title=self.strategy.name,
            facts=rendered.strategy_facts(self.strategy, self.partnership.slug),
            themes=self.themes(),
            may_manage=may_manage,
            may_align=self.may(Permission.MANAGE_OUTCOMES),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )

    def themes(self) -> list[dict[str, Any]]:
        slug = self.partnership.slug
        programmes = queries.programmes_by_theme(self.strategy)
        activities = queries.activity_counts_by_theme(self.strategy, self.request.user)
        outcomes = outcomes_by_theme(self.strategy)
        log = reverse("activity-list", args=[slug])
        return [
            {
                "pk": theme.pk,
                "name": theme.name,
                "outcomes": [{"text": one.title} for one in outcomes.get(theme.pk, ())],
                "programmes": [
                    {"text": one.name, "url": reverse("programme-detail", args=[slug, one.pk])}
                    for one in programmes.get(theme.pk, ())
                ],
                "activity_count": activities.get(theme.pk, 0),
                "activities_url": f"{log}?theme={theme.pk}",
            }
            for theme in self.strategy.themes.order_by("position", "pk")
        ]


class AddStrategy(ActionForm, StrategySection, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = NewStrategyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        self.strategy = add_strategy(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{self.strategy.name} is added.")

    def get_success_url(self) -> str:
        return reverse("strategy-detail", args=[self.partnership.slug, self.strategy.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Add a strategy", submit_label="Add", **kwargs)


class ChangeStrategy(VersionedForm, OneStrategy, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/versioned_form.html"
    form_class = StrategyForm

    def record(self) -> Strategy:
        return self.strategy

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        plain = ("name", "summary", "link", "from_year", "to_year")
        found = {name: getattr(self.strategy, name) for name in plain}
        return found | {"organisation": self.strategy.organisation_id}

    def act(self, form: BaseForm) -> None:
        edit_strategy(
            strategy=self.strategy,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Change {self.strategy.name}", **kwargs)


class AddTheme(ActionForm, OneStrategy, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = ThemeForm

    def act(self, form: BaseForm) -> None:
        add_theme(strategy=self.strategy, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The theme is added.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Add a theme of {self.strategy.name}", submit_label="Add", **kwargs
        )


class OneTheme(ActionForm, StrategySection, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    theme: StrategyTheme

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = StrategyTheme.objects.select_related("strategy")
            self.theme = get_object_or_404(found, partnership=self.partnership, pk=kwargs["theme"])

    def get_success_url(self) -> str:
        return reverse("strategy-detail", args=[self.partnership.slug, self.theme.strategy_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"cancel_url": self.get_success_url()} | kwargs)


class RenameTheme(OneTheme):
    template_name = "layouts/form.html"
    form_class = ThemeForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.theme.name}

    def act(self, form: BaseForm) -> None:
        rename_theme(theme=self.theme, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The theme has its new name.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Rename “{self.theme.name}”", **kwargs)


class RemoveTheme(OneTheme):
    template_name = "partnerships/places/confirm.html"
    form_class = Form

    def act(self, form: BaseForm) -> None:
        remove_theme(theme=self.theme, by=self.request.user)
        messages.success(self.request, "The theme is removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Remove “{self.theme.name}”",
            explanation="Only a theme to which nothing aligns can be removed.",
            submit_label="Remove this theme",
            **kwargs,
        )
