"""The forms of the second step in our words. What they do is allauth's."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError

from people.forms.signing_in import Worded

APP_CODE = ("Code from your authenticator app", "The six digits it shows now.")


class Digits(Worded):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SecondStepForm(Digits, base.AuthenticateForm):
    words = {"code": ("Code", "Six digits from your authenticator app, or one of your recovery codes.")}


class SecondStepAgainForm(Digits, base.ReauthenticateForm):
    words = SecondStepForm.words


class ActivateAppForm(Digits, totp.ActivateTOTPForm):
    words = {"code": APP_CODE}


class AddPasskeyForm(Worded, webauthn.AddWebAuthnForm):
    words = {
        "name": ("Name", "So that you can tell it from others, such as “Work laptop”."),
        "passwordless": (
            "Let me sign in with this passkey alone, without a password",
            "",
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["credential"].required = False

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("credential"):
            raise ValidationError(
                "No passkey was made. This needs JavaScript and a device that knows passkeys."
            )
        return super().clean()


class RenamePasskeyForm(Worded, webauthn.EditWebAuthnForm):
    words = {"name": ("Name", "")}
