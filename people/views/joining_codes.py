"""Codes that let residents join, as a manager makes, prints and withdraws them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import qrcode
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from people.access import ActionForm, PartnershipView
from people.actions.joining import make_joining_code, make_way_back, why_no_way_back, withdraw_joining_code
from people.forms.invitations import ConfirmForm
from people.forms.joining import NewCodeForm
from people.models import JoiningCode
from people.permissions import Permission
from people.queries.joining import codes_of, link_of_code, page_of_codes, written
from people.views.people import PersonView
from people.views.rows import count, day


class CodesView(PartnershipView):
    permission = Permission.MANAGE_PEOPLE

    def get_success_url(self) -> str:
        return reverse("joining-codes", args=[self.partnership.slug])

    def trail(self) -> list[dict[str, str]]:
        return [
            {
                "label": "People and organisations",
                "url": reverse("people-list", args=[self.partnership.slug]),
            },
            {"label": "Joining codes", "url": self.get_success_url()},
        ]


class JoiningCodes(CodesView, TemplateView):
    template_name = "people/joining/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(codes_of(self.partnership))
        slug = self.partnership.slug
        return super().get_context_data(
            page_title="Joining codes",
            section="joining-codes",
            may_manage=True,
            working=[code_row(code, slug) for code in found if code.works],
            over=[code_row(code, slug) for code in found if not code.works],
            **kwargs,
        )


class NewJoiningCode(ActionForm, CodesView, FormView):
    template_name = "people/joining/new.html"
    form_class = NewCodeForm

    def get_initial(self) -> dict[str, Any]:
        return {"uses_allowed": 20, "expires_on": timezone.localdate() + timedelta(days=90)}

    def act(self, form: BaseForm) -> None:
        self.code = make_joining_code(partnership=self.partnership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The code is ready to be handed out.")

    def get_success_url(self) -> str:
        if hasattr(self, "code"):
            return reverse("joining-code", args=[self.partnership.slug, self.code.pk])
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Make a joining code",
            breadcrumbs=self.trail(),
            submit_label="Make the code",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class CodeView(CodesView):
    code: JoiningCode

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.code = get_object_or_404(codes_of(self.partnership), pk=kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"breadcrumbs": self.trail(), "code": self.code} | kwargs)


class CodeDetail(CodeView, TemplateView):
    """The code, its link, and a slip to print and hand out."""

    template_name = "people/joining/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.code
        works = code.works
        return super().get_context_data(
            page_title=code.name,
            works=works,
            state=state_of(code),
            text=written(code) if works else "",
            link=link_of_code(code) if works else "",
            page=page_of_codes(),
            qr=qr_of(link_of_code(code)) if works else "",
            last_day=day(code.expires_on),
            history_url=reverse("history", args=[self.partnership.slug, "joining-code", code.pk]),
            joined=[
                {
                    "title": one.person.name,
                    "url": reverse("person-detail", args=[self.partnership.slug, one.person_id]),
                    "meta": day(one.at),
                }
                for one in code.joined.all()
            ],
            **kwargs,
        )


class WithdrawCode(ActionForm, CodeView, FormView):
    template_name = "people/joining/withdraw.html"
    form_class = ConfirmForm

    def act(self, form: BaseForm) -> None:
        withdraw_joining_code(code=self.code, by=self.request.user)
        messages.success(self.request, "The code is withdrawn. Nobody can join with it any more.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Withdraw “{self.code.name}”", cancel_url=self.get_success_url(), **kwargs
        )


class WayBack(ActionForm, PersonView, FormView):
    """A code with which a resident who has no email address sets a new password."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "people/joining/way_back.html"
    form_class = ConfirmForm

    @cached_property
    def why_not(self) -> str:
        return why_no_way_back(self.person, self.request.user)

    def act(self, form: BaseForm) -> None:
        self.code = make_way_back(partnership=self.partnership, person=self.person, by=self.request.user)

    def get_success_url(self) -> str:
        if hasattr(self, "code"):
            return reverse("joining-code", args=[self.partnership.slug, self.code.pk])
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Help {self.person.name} to sign in again",
            why_not=self.why_not,
            cancel_url=super().get_success_url(),
            **kwargs,
        )


def code_row(code: JoiningCode, slug: str) -> dict[str, Any]:
    return {
        "title": code.name,
        "url": reverse("joining-code", args=[slug, code.pk]),
        "text": f"{count(code.uses, 'person', 'people')} of {code.uses_allowed}"
        + (" joined" if code.person_id is None else " came back"),
        "meta": f"Last day {day(code.expires_on)}"
        + (f" · Made by {code.created_by.name}" if code.created_by else ""),
        "tag": state_of(code),
    }


def state_of(code: JoiningCode) -> dict[str, str]:
    if code.revoked_at:
        return {"text": "Withdrawn", "tone": "grey"}
    if code.uses >= code.uses_allowed:
        return {"text": "Used up", "tone": "grey"}
    if not code.works:
        return {"text": "Over", "tone": "grey"}
    return {"text": "Works", "tone": "green"}


def qr_of(link: str) -> dict[str, Any]:
    """The picture as one path of an inline SVG: squares of one unit each."""
    drawn = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_M)
    drawn.add_data(link)
    rows = drawn.get_matrix()
    path = "".join(
        f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, filled in enumerate(row) if filled
    )
    return {"size": len(rows), "path": path}
