"""Joining with a code from a link or from paper, and coming back with one: pages for anybody."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from people.access import ActionForm, SignedInView
from people.actions.joining import GONE, come_back, join, join_as
from people.forms.invitations import ConfirmForm
from people.forms.joining import CodeForm, JoinForm, NewPasswordForm
from people.models import JoiningCode
from people.queries.joining import find_code, written


def wrong_codes(request: HttpRequest, *, dry_run: bool = False) -> Any:
    """Counts a wrong code; nothing where there were too many from the same address. `dry_run` only looks."""
    return ratelimit.consume(
        request,
        app="people",
        action="joining_code",
        config={"joining_code": settings.JOINING_CODE_RATE},
        limit_get=True,
        dry_run=dry_run,
    )


class Codes:
    """What the pages share: a code is looked for only while there were few wrong ones from the same address."""

    def too_many(self, request: HttpRequest) -> HttpResponse | None:
        if wrong_codes(request, dry_run=True):
            return None
        return render(request, "429.html", status=429)

    def look_for(self, request: HttpRequest, typed: str) -> JoiningCode | None:
        found = find_code(typed)
        if found is None:
            wrong_codes(request)
        return found


@method_decorator(never_cache, name="dispatch")
class TypeCode(Codes, FormView):
    """Where the slip of paper sends people: one box for the code."""

    template_name = "people/joining/code.html"
    form_class = CodeForm
    extra_context = {"page_title": "Join with a code"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.too_many(request) or super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        found = self.look_for(self.request, form.cleaned_data["code"])
        if found is None:
            form.add_error(
                "code",
                "This code does not work. Check each letter, or ask for a new one: it may have run out.",
            )
            return self.form_invalid(form)
        return redirect("join-by-code", code=written(found))


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class JoinByCode(Codes, ActionForm, FormView):
    """The page behind a code: join as somebody new, join as who one is signed in as, or set a new password."""

    code: JoiningCode

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = self.too_many(request)
        if refused:
            return refused
        found = self.look_for(request, kwargs["code"])
        if found is None:
            context = {"page_title": "This code does not work", "why": GONE}
            return render(request, "people/joining/refused.html", context, status=410)
        self.code = found
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_way_back(self) -> bool:
        return self.code.person_id is not None

    @property
    def is_signed_in(self) -> bool:
        return self.request.user.is_authenticated and not self.is_way_back

    def get_template_names(self) -> list[str]:
        return ["people/joining/come_back.html" if self.is_way_back else "people/joining/join.html"]

    def get_form_class(self) -> type[Form]:
        if self.is_way_back:
            return NewPasswordForm
        return ConfirmForm if self.is_signed_in else JoinForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs | {"person": self.code.person} if self.is_way_back else kwargs

    def act(self, form: BaseForm) -> HttpResponseBase:
        home = reverse("home", args=[self.code.partnership.slug])
        if self.is_signed_in:
            join_as(code=self.code, person=self.request.user)
            messages.success(self.request, f"Welcome to {self.code.partnership.name}.")
            return redirect(home)
        act = come_back if self.is_way_back else join
        person = act(code=self.code, **form.cleaned_data)
        return perform_login(self.request, person, redirect_url=reverse("sign-in-name"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        partnership = self.code.partnership
        title = "Set a new password" if self.is_way_back else f"Join {partnership.name}"
        return super().get_context_data(
            page_title=title,
            code=self.code,
            joins=partnership,
            **kwargs,
        )


class SignInName(SignedInView, TemplateView):
    """What somebody who joined with a code has to write down."""

    template_name = "people/joining/sign_in_name.html"
    extra_context = {"page_title": "How you sign in"}
