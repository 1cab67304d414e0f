"""Accepting an invitation, as the invited person does it."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from people.access import ActionForm, SignedInView
from people.actions.invitations import accept_invitation
from people.forms.invitations import ConfirmForm, SetUpForm
from people.models import Invitation
from people.permissions import ROLES, Role
from people.queries.invitations import find
from people.queries.signing_in import has_been_let_in, waiting_invitations


class Acceptance(ActionForm, FormView):
    """What both ways of accepting share."""

    template_name = "people/invitations/accept.html"
    invitation: Invitation

    def get_success_url(self) -> str:
        return reverse("home", args=[self.invitation.partnership.slug])

    def welcome(self) -> None:
        messages.success(self.request, f"Welcome to {self.invitation.partnership.name}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        role = ROLES[Role(self.invitation.role)]
        return super().get_context_data(
            page_title=f"Join {self.invitation.partnership.name}",
            invitation=self.invitation,
            role_label=role.role.label,
            role_sentence=role.sentence,
            **kwargs,
        )


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class Accept(Acceptance):
    """The page behind the link in the letter."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        invitation = find(kwargs["token"])
        reason = why_not(invitation)
        if invitation is None or reason:
            context = {
                "reason": reason,
                "invitation": invitation,
                "page_title": "This invitation does not work",
            }
            return render(request, "people/invitations/refused.html", context, status=410)
        self.invitation = invitation
        person = invitation.person
        self.is_theirs = request.user == person
        if request.user.is_authenticated and not self.is_theirs:
            return self.refuse_other()
        if not request.user.is_authenticated and has_been_let_in(person):
            return self.ask_to_sign_in()
        return super().dispatch(request, *args, **kwargs)

    def refuse_other(self) -> HttpResponse:
        context = {"invitation": self.invitation, "page_title": "You are signed in as somebody else"}
        return render(self.request, "people/invitations/other_person.html", context, status=403)

    def ask_to_sign_in(self) -> HttpResponse:
        context = {"invitation": self.invitation, "page_title": f"Join {self.invitation.partnership.name}"}
        return render(self.request, "people/invitations/sign_in_first.html", context)

    @property
    def is_new(self) -> bool:
        return not has_been_let_in(self.invitation.person)

    def get_form_class(self) -> type[Form]:
        return SetUpForm if self.is_new else ConfirmForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs | {"person": self.invitation.person} if self.is_new else kwargs

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.invitation.name}

    def act(self, form: BaseForm) -> HttpResponseBase | None:
        accept_invitation(invitation=self.invitation, **form.cleaned_data)
        self.welcome()
        if self.is_theirs:
            return None
        self.invitation.person.refresh_from_db()
        return perform_login(
            self.request,
            self.invitation.person,
            redirect_url=self.get_success_url(),
            email=self.invitation.email,
        )


class AcceptMine(SignedInView, Acceptance):
    """The same for somebody who is signed in and lost the letter: the invitation waits on their account page."""

    form_class = ConfirmForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            mine = waiting_invitations(request.user).select_related("partnership", "person", "organisation")
            self.invitation = get_object_or_404(mine, pk=kwargs["pk"])

    def act(self, form: BaseForm) -> HttpResponseBase:
        accept_invitation(invitation=self.invitation)
        self.welcome()
        return redirect(self.get_success_url())


def why_not(invitation: Invitation | None) -> str:
    """Why a link does not work: "", "unknown", "used", "withdrawn" or "expired"."""
    if invitation is None:
        return "unknown"
    if invitation.accepted_at is not None:
        return "used"
    if invitation.revoked_at is not None:
        return "withdrawn"
    return "expired" if invitation.has_expired else ""
