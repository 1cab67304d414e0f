"""A person's own page: who they are, how they sign in, and where they belong."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.urls import reverse, reverse_lazy
from django.views.generic import FormView

from people.access import ActionForm, SignedInView
from people.actions.memberships import edit_person
from people.forms.people import OwnDetailsForm
from people.models import Person
from people.queries.people import memberships_of
from people.queries.real_names import own_real_name
from people.queries.signing_in import waiting_invitations


class Account(ActionForm, SignedInView, FormView):
    template_name = "people/account.html"
    form_class = OwnDetailsForm
    success_url = reverse_lazy("account")

    def get_initial(self) -> dict[str, Any]:
        person = self.request.user
        return {
            "name": person.name,
            "job_title": person.job_title,
            "real_name": own_real_name(person),
        }

    def act(self, form: BaseForm) -> None:
        edit_person(person=self.request.user, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Your details are saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        return super().get_context_data(
            page_title="Your account",
            sign_in_rows=self._sign_in_rows(),
            memberships=memberships_of(person),
            waiting=list(waiting_invitations(person).select_related("partnership")),
            **kwargs,
        )

    def _sign_in_rows(self) -> list[dict[str, Any]]:
        person = self.request.user
        kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        passkeys = kinds.count(Authenticator.Type.WEBAUTHN)
        has_app = Authenticator.Type.TOTP in kinds
        sessions = UserSession.objects.filter(user=person).count()
        rows = [*_known_by(person), *_proofs(person, passkeys, has_app)]
        if kinds:
            rows.append(_row("Recovery codes", "For when you lose the others", "Look at", "mfa_index"))
        if settings.OIDC_SERVER_URL:
            rows.append(_row("Your organisation’s account", "", "Manage", "socialaccount_connections"))
        rows.append(
            _row("Where you are signed in", _count(sessions, "place"), "Look at", "usersessions_list")
        )
        return rows


def _proofs(person: Person, passkeys: int, has_app: bool) -> list[dict[str, Any]]:
    return [
        _row("Password", "Set", "Change", "account_change_password")
        if person.has_usable_password()
        else _row("Password", "Not set", "Set", "account_set_password"),
        _row("Passkeys", _count(passkeys, "passkey"), "Manage", "mfa_list_webauthn")
        if passkeys
        else _row("Passkeys", "None", "Add", "mfa_add_webauthn"),
        _row("Authenticator app", "On", "Turn off", "mfa_deactivate_totp")
        if has_app
        else _row("Authenticator app", "Off", "Set up", "mfa_activate_totp"),
    ]


def _known_by(person: Person) -> list[dict[str, Any]]:
    """What they type to sign in: the name that was made for them, an address, or either."""
    added = _row(
        "Email address", person.email or "None", "Change" if person.email else "Add", "account_email"
    )
    if not person.sign_in_name:
        return [added]
    return [_row("Sign-in name", person.sign_in_name, "Show", "sign-in-name"), added]


def _row(label: str, value: str, action: str, url: str) -> dict[str, Any]:
    return {"label": label, "value": value, "action": action, "action_url": reverse(url)}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
