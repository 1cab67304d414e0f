"""Simple rules: the list in their order, one with the decisions that cite it, and setting them up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from partnerships.actions.rules import add_rule, end_rule, explain_rule, move_rule
from partnerships.forms.partnership_page import EndRuleForm, ExplainRuleForm, RuleForm
from partnerships.models import SimpleRule
from partnerships.queries import partnership_page as queries
from partnerships.renderers import partnership_page as rendered
from partnerships.renderers.sections import about_links
from partnerships.views.partnership_page import AboutView
from people.access import ActionForm, PartnershipView, VersionedForm
from people.permissions import Permission


class RuleList(PartnershipView, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/about/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = list(queries.rules_of(self.partnership))
        today = timezone.localdate()
        holding = [rule for rule in rules if rule.ends_on is None or rule.ends_on >= today]
        return super().get_context_data(
            page_title="Simple rules",
            sections=about_links(self.partnership, "rule-list"),
            rules=rendered.rules(holding, self.partnership.slug),
            ended=rendered.rules([rule for rule in rules if rule not in holding], self.partnership.slug),
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            **kwargs,
        )


class RuleSection(AboutView):
    def list_name(self) -> str:
        return "rule-list"

    def list_label(self) -> str:
        return "Simple rules"


class OneRule(RuleSection):
    rule: SimpleRule

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.rule = get_object_or_404(queries.rules_of(self.partnership), pk=kwargs["rule"])

    def get_success_url(self) -> str:
        return reverse("rule-detail", args=[self.partnership.slug, self.rule.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"cancel_url": self.get_success_url()} | kwargs | {"rule": self.rule}
        )


class RuleDetail(OneRule, TemplateView):
    permission = Permission.VIEW
    template_name = "partnerships/about/rule.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decisions = queries.decisions_citing(self.rule)
        return super().get_context_data(
            page_title=self.rule.text,
            facts=rendered.rule_facts(self.rule),
            decisions=[rendered.decision_row(one) for one in decisions],
            may_manage=self.may(Permission.MANAGE_PARTNERSHIP),
            may_see_history=self.may(Permission.VIEW_HISTORY),
            **kwargs,
        )


class AddRule(ActionForm, RuleSection, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = RuleForm

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        add_rule(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The rule is added.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Add a simple rule", submit_label="Add", **kwargs)


class ExplainRule(VersionedForm, OneRule, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/versioned_form.html"
    form_class = ExplainRuleForm

    def record(self) -> SimpleRule:
        return self.rule

    def get_initial(self) -> dict[str, Any]:
        return {"explanation": self.rule.explanation}

    def act(self, form: BaseForm) -> None:
        explain_rule(
            rule=self.rule,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Explain “{self.rule.text}”", **kwargs)


class EndRule(ActionForm, OneRule, FormView):
    permission = Permission.MANAGE_PARTNERSHIP
    template_name = "layouts/form.html"
    form_class = EndRuleForm

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def act(self, form: BaseForm) -> None:
        end_rule(rule=self.rule, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The last day of the rule is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"End “{self.rule.text}”", submit_label="End this rule", **kwargs
        )


class MoveRule(OneRule, View):
    """One place up or down in the list."""

    permission = Permission.MANAGE_PARTNERSHIP
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        move_rule(rule=self.rule, up=request.POST.get("to") == "up", by=request.user)
        return redirect(f"{reverse('rule-list', args=[self.partnership.slug])}#rule-{self.rule.pk}")
