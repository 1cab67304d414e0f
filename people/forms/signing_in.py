"""The forms of sign-in in our words. What they do is allauth's."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth
from django import forms

from people.queries.signing_in import may_sign_in

STRONG = "At least 10 characters. Three words that do not belong together are strong and easy to remember."
CODE_HINT = "Upper or lower case makes no difference."


class Worded(forms.BaseForm):
    """Gives fields our labels and hints, and takes the placeholders away: they vanish when one begins to type."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
            if isinstance(field, forms.EmailField):
                field.widget.attrs["spellcheck"] = "false"
                field.error_messages["invalid"] = "Enter an email address like name@example.org"
            if name == "code":
                field.widget.attrs |= {"autocomplete": "one-time-code", "spellcheck": "false"}
                field.widget.attrs["class"] = "govuk-input--width-10"


class OnlyThoseLetIn:
    """For the forms that send a mail to whoever may sign in. Others hear the same from the page, and how to get in by mail."""

    def clean_email(self) -> str:
        email = super().clean_email()  # type: ignore[misc]
        if getattr(self, "_user", None) and not may_sign_in(self._user):
            self._user = None
        self.users = [user for user in getattr(self, "users", []) if may_sign_in(user)]
        return email


class SignInForm(Worded, allauth.LoginForm):
    """By email address, or by the name that was made for somebody who joined without one."""

    words = {
        "login": ("Email address or sign-in name", ""),
        "password": ("Password", ""),
        "remember": ("Keep me signed in on this device for 3 weeks", ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=self.fields["login"].label,
            max_length=254,
            widget=forms.TextInput(
                {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.order_fields(["login", "password", "remember"])

    def user_credentials(self) -> dict[str, Any]:
        kind = "email" if "@" in self.cleaned_data["login"] else "username"
        return {kind: self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class AskForCodeForm(OnlyThoseLetIn, Worded, allauth.RequestLoginCodeForm):
    words = {"email": ("Email address", "We send a code there. It works for 15 minutes.")}


class ConfirmCodeForm(Worded, allauth.ConfirmLoginCodeForm):
    words = {"code": ("Code from the email", CODE_HINT)}


class ConfirmEmailForm(Worded, allauth.ConfirmEmailVerificationCodeForm):
    words = {"code": ("Code from the email", CODE_HINT)}


class ForgottenPasswordForm(OnlyThoseLetIn, Worded, allauth.ResetPasswordForm):
    words = {"email": ("Email address", "The one you sign in with.")}


class NewPasswordForm(Worded, allauth.ResetPasswordKeyForm):
    words = {"password1": ("New password", STRONG), "password2": ("New password again", "")}


class ChangePasswordForm(Worded, allauth.ChangePasswordForm):
    words = {
        "oldpassword": ("Current password", ""),
        "password1": ("New password", STRONG),
        "password2": ("New password again", ""),
    }


class SetPasswordForm(Worded, allauth.SetPasswordForm):
    words = {"password1": ("Password", STRONG), "password2": ("Password again", "")}


class PasswordAgainForm(Worded, allauth.ReauthenticateForm):
    words = {"password": ("Password", "")}


class ChangeEmailForm(Worded, allauth.AddEmailForm):
    words = {"email": ("New email address", "We send a code there, to see that it is yours.")}
