"""Passkeys in a real browser with a made-up device: add one, sign in with it alone, and use it as the second step."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.frontend.conftest import browser_type_launch_args, watched  # noqa: F401
from tests.small_world import PASSWORD

pytestmark = pytest.mark.browser
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def person(live_server, world):
    if not (Path(settings.BASE_DIR) / "static/build/throughline.js").exists():
        pytest.skip("the front end is not built: run `npm run build` first")
    return world.officer


@pytest.fixture
def page(watched, context):  # noqa: F811
    """A browser whose computer makes passkeys and says yes at once."""
    session = context.new_cdp_session(watched)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return watched


def sign_in(page, url, person, then):
    page.goto(f"{url}/account/login/?next={then}")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page, url):
    page.goto(f"{url}/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")


def no_barriers(page):
    if not AXE.exists():
        pytest.skip("axe-core is missing: run `npm ci` first")
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes[0].html}`)")
    assert found == []


def test_a_passkey_from_adding_it_to_signing_in_with_it(page, live_server, person):
    url = live_server.url
    sign_in(page, url, person, "/account/2fa/webauthn/add/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    page.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_text("No passkey was used").first.wait_for()
    page.reload()

    page.get_by_label("Name").fill("Work laptop")
    no_barriers(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/account/2fa/recovery-codes/")
    page.goto(f"{url}/account/2fa/webauthn/")
    assert page.get_by_text("Work laptop").first.is_visible()
    assert page.get_by_text("Signs you in without a password").is_visible()

    sign_out(page, url)
    page.goto(f"{url}/account/login/?next=/account/")
    no_barriers(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{url}/account/")
    assert page.get_by_text(person.email).is_visible()

    sign_out(page, url)
    sign_in(page, url, person, "/account/")
    page.wait_for_url("**/account/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"{url}/account/")


def test_without_scripts_no_button_promises_what_it_cannot_do(browser, live_server, person):
    plain = browser.new_page(java_script_enabled=False)
    plain.goto(f"{live_server.url}/account/login/")
    assert not plain.get_by_role("button", name="Use a passkey").is_visible()
    sign_in(plain, live_server.url, person, "/account/2fa/webauthn/add/")
    plain.get_by_label("Password", exact=True).fill(PASSWORD)
    plain.get_by_role("button", name="Go on").click()
    assert "Passkeys need JavaScript" in plain.locator("noscript .govuk-inset-text").inner_text()
    assert not plain.get_by_role("button", name="Make the passkey").is_visible()
    plain.close()
