"""The money of a programme: adding a line, changing and removing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import FormView

from config.words import pounds
from partnerships.actions.money import add_money_line, edit_money_line, remove_money_line
from partnerships.forms.money import MoneyForm
from partnerships.models import MoneyLine
from people.access import ActionForm, ProgrammeView, VersionedForm
from people.permissions import Permission


class MoneyPage(ProgrammeView):
    """What these pages share; those of one line find it."""

    permission = Permission.MANAGE_PROGRAMMES
    line: MoneyLine | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and "line" in kwargs:
            rows = MoneyLine.objects.select_related("programme", "funder")
            self.line = get_object_or_404(rows, programme=self.programme, pk=kwargs["line"])

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#money"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.get_success_url(), **kwargs)


class AddMoney(ActionForm, MoneyPage, FormView):
    template_name = "layouts/form.html"
    form_class = MoneyForm
    extra_context = {"page_title": "Add a line of money", "submit_label": "Add"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def act(self, form: BaseForm) -> None:
        line = add_money_line(programme=self.programme, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{pounds(line.amount)} is added.")


class ChangeMoney(VersionedForm, MoneyPage, FormView):
    template_name = "partnerships/programmes/money_line.html"
    form_class = MoneyForm
    extra_context = {"page_title": "Change this line of money"}

    def record(self) -> MoneyLine | None:
        return self.line

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.line, name) for name in MoneyForm.base_fields}

    def act(self, form: BaseForm) -> None:
        edit_money_line(
            line=self.line,
            expected_version=self.expected_version,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, "Your changes are saved.")


class RemoveMoney(ActionForm, MoneyPage, FormView):
    template_name = "partnerships/programmes/remove.html"
    form_class = Form
    extra_context = {"page_title": "Remove this line of money?", "submit_label": "Remove"}

    def act(self, form: BaseForm) -> None:
        remove_money_line(line=self.line, by=self.request.user)
        messages.success(self.request, "The line of money is removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.line is not None
        what = f"{self.line}, {pounds(self.line.amount)}"
        return super().get_context_data(
            what=f"{what} ({self.line.description})" if self.line.description else what,
            why="The totals will do without it. The programme’s history keeps what it was.",
            **kwargs,
        )
