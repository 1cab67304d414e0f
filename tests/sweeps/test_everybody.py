"""The addresses that belong to no partnership: the front door, signing in, one's own account, what is about the product."""

from __future__ import annotations

import pytest
from django.urls import reverse

from outcomes.queries.embeds import token_for as embed_token_for
from partnerships.emails.notices import WayOut
from partnerships.models import MailFrequency
from people.queries.follow_ups import code_for as voice_code_for
from people.queries.invitations import token_for
from people.queries.joining import code_for
from tests.sweeps.addresses import of_everybody
from tests.sweeps.reading import read_only

pytestmark = pytest.mark.django_db

OPEN, TO_SIGN_IN, ELSEWHERE, MOVED, ONLY_SENT = {200}, {302}, {302}, {301}, {405}
EITHER = {200, 302}
# What anonymous people and signed-in people get. An address that stands in no row fails: say who may come to it.
EXPECTED = {
    # about the product
    "healthz": (OPEN, OPEN),
    "readyz": ({200, 503}, {200, 503}),
    "accessibility": (OPEN, OPEN),
    "privacy": (OPEN, OPEN),
    "roles": (OPEN, OPEN),
    "gallery": ({200, 404}, {200, 404}),
    # coming in
    "start": (TO_SIGN_IN, EITHER),
    "account_login": (OPEN, ELSEWHERE),
    "account_logout": (ELSEWHERE, OPEN),
    "account_inactive": (OPEN, OPEN),
    "account_signup": (OPEN, EITHER),
    "account_request_login_code": (OPEN, ELSEWHERE),
    "account_confirm_login_code": (ELSEWHERE, ELSEWHERE),
    "account_email_verification_sent": (EITHER, EITHER),
    "account_reset_password": (OPEN, EITHER),
    "account_reset_password_done": (OPEN, EITHER),
    "account_reset_password_from_key": (OPEN, EITHER),
    "account_reset_password_from_key_done": (OPEN, EITHER),
    "mfa_authenticate": (ELSEWHERE, ELSEWHERE),
    "mfa_login_webauthn": ({200, 302, 404, 405}, {200, 302, 404, 405}),
    "invitation-accept": (OPEN, {403}),
    "join": (OPEN, OPEN),
    "join-by-code": (OPEN, OPEN),
    # what became of what somebody said who has a code on paper
    "voice-code": (OPEN, OPEN),
    "voice-heard": (OPEN, OPEN),
    # the foot of a mail
    "unsubscribe": (OPEN, OPEN),
    # a chart on another website
    "embed": (OPEN, OPEN),
    # one's own account
    "sign-in-name": (TO_SIGN_IN, OPEN),
    "held": (TO_SIGN_IN, OPEN),
    "access-export-ask": (TO_SIGN_IN, OPEN),
    "access-export": (TO_SIGN_IN, {404}),
    "forget-me": (TO_SIGN_IN, OPEN),
    "leave-partnership": (TO_SIGN_IN, {404}),
    "own-offer-new": (TO_SIGN_IN, {404}),
    "own-offer-edit": (TO_SIGN_IN, {404}),
    "own-offer-remove": (TO_SIGN_IN, {404}),
    "account": (TO_SIGN_IN, OPEN),
    "calendar-feed": (TO_SIGN_IN, OPEN),
    "calendar-file": ({404}, {404}),
    "invitation-mine": (TO_SIGN_IN, {404}),
    "account_reauthenticate": (TO_SIGN_IN, EITHER),
    "account_email": (TO_SIGN_IN, OPEN),
    "account_change_password": (TO_SIGN_IN, EITHER),
    "account_set_password": (TO_SIGN_IN, ELSEWHERE),
    "mfa_index": (TO_SIGN_IN, OPEN),
    "mfa_reauthenticate": (TO_SIGN_IN, EITHER),
    "mfa_activate_totp": (TO_SIGN_IN, EITHER),
    "mfa_deactivate_totp": (TO_SIGN_IN, {302, 404}),
    "mfa_view_recovery_codes": (TO_SIGN_IN, {302, 404}),
    "mfa_generate_recovery_codes": (TO_SIGN_IN, EITHER),
    "mfa_download_recovery_codes": (TO_SIGN_IN, {302, 404}),
    "mfa_list_webauthn": (TO_SIGN_IN, EITHER),
    "mfa_add_webauthn": (TO_SIGN_IN, EITHER),
    "mfa_reauthenticate_webauthn": (TO_SIGN_IN, {200, 302, 404}),
    "mfa_remove_webauthn": (TO_SIGN_IN, {302, 404}),
    "mfa_edit_webauthn": (TO_SIGN_IN, {302, 404}),
    "usersessions_list": (TO_SIGN_IN, OPEN),
    # signing in with an organisation's account, which these tests set up nowhere
    "socialaccount_login_cancelled": (OPEN, EITHER),
    "socialaccount_login_error": ({200, 401}, {200, 401}),
    "socialaccount_signup": (ELSEWHERE, ELSEWHERE),
    "socialaccount_connections": (TO_SIGN_IN, EITHER),
    "openid_connect_login": ({404}, {404}),
    "openid_connect_callback": ({404}, {404}),
    "account/social/login/cancelled/": (MOVED, MOVED),
    "account/social/login/error/": (MOVED, MOVED),
    "account/social/signup/": (MOVED, MOVED),
    "account/social/connections/": (MOVED, MOVED),
    # the partner API's own pages
    "api-docs": (OPEN, OPEN),
    "api-schema": (OPEN, OPEN),
    "api-token": (ONLY_SENT, ONLY_SENT),
    "api-token-revoke": (ONLY_SENT, ONLY_SENT),
    "api-nothing": ({401, 404}, {401, 404}),
    "api-nothing-here": ({401, 404}, {401, 404}),
}
ARGUMENTS = {"uidb36": "abc", "key": "set-password", "provider_id": "nobody", "rest": "nowhere", "pk": 0}


def path_of(address, demo):
    if not address.name:
        return "/" + address.route
    ours = {"token": token_for(demo.ours.invitation.nonce), "code": code_for(demo.ours.joining_code.nonce)}
    if address.name == "embed":
        ours["token"] = embed_token_for(demo.ours.embed.nonce)
    ours["voice_code"] = voice_code_for(demo.ours.follow_up.nonce)
    ours["way"] = WayOut(demo.people["officer"].pk, frequency=MailFrequency.DAILY).token
    given = {name: (ours | ARGUMENTS)[name] for name in address.arguments}
    return reverse(address.name, kwargs=given)


@pytest.mark.parametrize("address", of_everybody(), ids=str)
def test_who_may_come_and_coming_changes_nothing(address, demo, visit):
    assert str(address) in EXPECTED, f"Say in EXPECTED who may come to {address.route}."
    anonymous, signed_in = EXPECTED[str(address)]
    path = path_of(address, demo)
    with read_only():
        found = visit("anonymous").get(path)
    assert found.status_code in anonymous, (path, found.status_code)
    if anonymous is TO_SIGN_IN:
        assert found.url.startswith("/account/login/"), found.url
    for who in ("officer", "seat"):
        with read_only():
            found = visit(who).get(path)
        assert found.status_code in signed_in, (who, path, found.status_code)


def test_no_row_is_about_an_address_that_is_gone():
    assert set(EXPECTED) == {str(address) for address in of_everybody()}
