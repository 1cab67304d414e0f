"""How sign-in differs from allauth's own: by invitation only, secrets encrypted, partners' systems bound to one partnership."""

from __future__ import annotations

import base64
import secrets
from smtplib import SMTPException
from typing import Any

import requests
import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from people.models import Person
from people.permissions import Scope
from people.queries.signing_in import may_sign_in, waiting_invitations

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This sign-in has been stopped. Ask your partnership manager.",
        "duplicate_email": "This is your email address already.",
        "email_password_mismatch": "The email address, sign-in name or password is wrong.",
        "email_taken": "Somebody else uses this email address.",
        "enter_current_password": "The current password is wrong.",
        "incorrect_code": "The code is wrong. Check it, or ask for a new one.",
        "incorrect_password": "The password is wrong.",
        "invalid_login": "Enter your email address or sign-in name, and your password.",
        "rate_limited": "That was too fast. Wait a minute and try again.",
        "same_as_current": "This is your email address already.",
        "too_many_login_attempts": "There were too many tries. Wait five minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Whichever way somebody signs in, they come through here: only those who have been let in go on."""
        if not may_sign_in(user):
            return render(request, "account/not_invited.html", status=403)
        sociallogin = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if sociallogin:
            vouched = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
            EmailAddress.objects.filter(user=user, email__in=vouched).update(verified=True)
        return super().pre_login(request, user, **kwargs)

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Who joined without an address is asked for the password by the name that was made for them."""
        if not user.sign_in_name:
            return super().reauthenticate(user, password)
        found = self.authenticate(context.request, username=user.sign_in_name, password=password)
        return found is not None and found.pk == user.pk

    def get_login_stages(self) -> list[str]:
        theirs, ours = EmailVerificationStage, AddressStage
        paths = {f"{theirs.__module__}.{theirs.__name__}": f"{ours.__module__}.{ours.__name__}"}
        return [paths.get(path, path) for path in super().get_login_stages()]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Straight to the invitation, where one waits; home otherwise."""
        waiting = waiting_invitations(request.user).first()
        if waiting:
            return reverse("invitation-mine", kwargs={"pk": waiting.pk})
        return super().get_login_redirect_url(request)

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account") if self.request.user.is_authenticated else reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Say so when a mail that somebody waits for cannot go, rather than fail without a word."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.warning("mail_not_sent", template=template_prefix, reason=type(error).__name__)
            raise ImmediateHttpResponse(
                render(self.request, "account/mail_failed.html", status=503)
            ) from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """A notice of what was done must not undo it: without a mail server the change still holds."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            return


class AddressStage(EmailVerificationStage):
    """Asks for a confirmed address, as allauth does, unless somebody who joined without one signs in by their name."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self.login.user.sign_in_name and not self.login.email:
            return None, True
        return super().handle()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": "Somebody else here signs in with that account.",
        "disconnect_last": "This is your only way to sign in. Set a password first.",
        "no_password": "Set a password first, or you could not sign in.",
        "no_verified_email": "Confirm your email address first.",
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        """A provider that is away, or that answers with an error, leads to a page that says so."""
        session = super().get_requests_session()
        session.hooks["response"].append(lambda answer, **kwargs: answer.raise_for_status())
        ask = session.request

        def carefully(*args: Any, **kwargs: Any) -> requests.Response:
            try:
                return ask(*args, **kwargs)
            except requests.RequestException as error:
                log.warning("organisation_sign_in_failed", reason=type(error).__name__)
                page = render(self.request, "socialaccount/authentication_error.html", status=503)
                raise ImmediateHttpResponse(page) from error

        session.request = carefully  # type: ignore[method-assign]
        return session


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is wrong or was used before. Wait for the next one and try again.",
        "unverified_email": "Confirm your email address before you set up a second step.",
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValidationError(
                "This second step was set up under a secret key that the service no longer has. "
                "Ask the people who run it to remove the step, so that you can set up a new one."
            ) from None

    def rotate(self, encrypted_text: str) -> str:
        """The same secret under the newest key."""
        return _fernet().rotate(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Throughline"}


class PartnerSignInAdapter(DefaultOIDCAdapter):
    """OAuth for partners' systems alone. Tokens are hashed by allauth, secrets with the password hasher."""

    scope_display = {scope.value: scope.label for scope in Scope}

    def generate_client_secret(self) -> str:
        # Letters, digits, - and _ need no escaping in a header or a shell, and the prefix lets secret scanners find a leak.
        return f"tl_{secrets.token_urlsafe(32)}"


def _fernet() -> MultiFernet:
    """Encrypts with the secret key; reads what earlier keys, kept as fallbacks, have encrypted."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"throughline second factor").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
