"""Inviting people, as a manager does it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from people.access import ActionForm, PartnershipView
from people.actions.invitations import invite, resend_invitation, revoke_invitation
from people.forms.invitations import ConfirmForm, InviteForm
from people.models import Person
from people.permissions import Permission
from people.queries.invitations import open_invitations
from people.queries.people import known_people_of
from people.queries.signing_in import has_been_let_in
from people.views.rows import invitation_rows


class Invite(ActionForm, PartnershipView, FormView):
    """Invite somebody new, or (`?person=`) somebody who takes part and does not sign in yet."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "people/invitations/new.html"
    form_class = InviteForm

    @cached_property
    def known(self) -> Person | None:
        pk = self.request.GET.get("person", "")
        if not pk.isdecimal():
            return None
        return get_object_or_404(known_people_of(self.partnership), pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"partnership": self.partnership}

    def get_initial(self) -> dict[str, Any]:
        person = self.known
        if person is None:
            return {}
        held = person.memberships.current().filter(partnership=self.partnership).first()
        email = "" if has_been_let_in(person) else person.email
        return {"name": person.name, "email": email, "organisation": held.organisation if held else None}

    def act(self, form: BaseForm) -> None:
        invitation = invite(
            partnership=self.partnership, person=self.known, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"An invitation is on its way to {invitation.email}.")

    def get_success_url(self) -> str:
        return reverse("invitation-list", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.partnership.slug
        return super().get_context_data(
            page_title="Invite somebody",
            breadcrumbs=[
                {"label": "People and organisations", "url": reverse("people-list", args=[slug])},
                {"label": "Invitations", "url": reverse("invitation-list", args=[slug])},
            ],
            submit_label="Send the invitation",
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class Invitations(PartnershipView, TemplateView):
    permission = Permission.MANAGE_PEOPLE

    def get_template_names(self) -> list[str]:
        # The script that follows a letter on its way asks for the list alone.
        alone = self.request.headers.get("X-Requested-With") == "fetch"
        return ["people/invitations/_list.html" if alone else "people/invitations/list.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(open_invitations(self.partnership))
        is_on_its_way = any(not (i.sent_at or i.failed_at or i.has_expired) for i in found)
        return super().get_context_data(
            page_title="Invitations",
            section="invitations",
            may_manage=True,
            rows=invitation_rows(found, self.partnership),
            not_sent=[invitation for invitation in found if invitation.failed_at],
            poll_url=self.request.path if is_on_its_way else "",
            poll_seconds=5 if is_on_its_way else 0,
            **kwargs,
        )


class InvitationView(ActionForm, PartnershipView, FormView):
    """A page with one button about one open invitation."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "people/invitations/confirm.html"
    form_class = ConfirmForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.invitation = get_object_or_404(open_invitations(self.partnership), pk=kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("invitation-list", args=[self.partnership.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            invitation=self.invitation,
            cancel_url=self.get_success_url(),
            breadcrumbs=[{"label": "Invitations", "url": self.get_success_url()}],
            **kwargs,
        )


class Resend(InvitationView):
    extra_context = {
        "submit_label": "Send it again",
        "says": "They get a new link that works for the same time from today. The link sent before stops working.",
    }

    def act(self, form: BaseForm) -> None:
        resend_invitation(invitation=self.invitation, by=self.request.user)
        messages.success(self.request, f"A new invitation is on its way to {self.invitation.email}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=f"Send {self.invitation.name} a new invitation", **kwargs)


class Revoke(InvitationView):
    extra_context = {
        "submit_label": "Withdraw it",
        "says": "The link in the letter stops working at once. You can invite them again later.",
        "is_warning": True,
    }

    def act(self, form: BaseForm) -> None:
        revoke_invitation(invitation=self.invitation, by=self.request.user)
        messages.success(self.request, f"The invitation to {self.invitation.email} is withdrawn.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=f"Withdraw the invitation to {self.invitation.name}", **kwargs
        )
