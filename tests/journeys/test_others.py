"""What the others do: a chair before a meeting, a manager and a partner's system, somebody invited, somebody from elsewhere."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.core import mail
from playwright.sync_api import expect

from people.actions.memberships import ask_for_second_factor
from people.permissions import Role
from reports.models import Report
from tests.journeys.conftest import PHONE
from tests.people.conftest import app_code, link_in

pytestmark = pytest.mark.browser
NEW_PASSWORD = "three odd lanterns"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_chair_reads_the_dashboard_and_says_what_is_behind_a_measure(site, scripts):
    page = site.page_for("chair", size=PHONE, java_script_enabled=scripts)
    page.goto(site.place + "outcomes/")
    measure = site.demo.ours.measure
    page.get_by_role("main").get_by_role("link", name=measure.name, exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(measure.name)
    main = page.get_by_role("main")
    expect(main).to_contain_text("England, same period")
    expect(main.locator("svg").locator("visible=true").first).to_be_visible()
    page.get_by_role("link", name=re.compile("story", re.I)).first.click()
    page.get_by_label("What is the story behind these numbers?").fill("The pool was shut for nine weeks.")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(measure.name)
    expect(page.get_by_text("The pool was shut for nine weeks.")).to_be_visible()


def test_a_manager_lets_a_system_in_and_it_exports(site):
    page = site.page_for("manager")
    page.goto(site.place + "api/")
    page.get_by_role("button", name="Let a system in").click()
    show_that_it_is_you(page)
    page.get_by_label("Name of the system").fill("Public health warehouse")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Make the sign-in").click()
    client_id, secret = (
        page.locator(f"#{name}").inner_text().strip() for name in ("client-id", "client-secret")
    )
    http = site.page_for().context.request
    asked = http.post(
        f"{site.url}/api/token",
        form={
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
        },
    )
    assert asked.status == 200, asked.text()
    bearer = {"Authorization": f"Bearer {asked.json()['access_token']}"}
    root = f"{site.url}/api/v1/p/{site.demo.slug}"
    activities = http.get(f"{root}/activities", headers=bearer).json()["items"]
    assert len(activities) == 100
    rows = list(csv.DictReader(io.StringIO(http.get(f"{root}/observations.csv", headers=bearer).text())))
    assert {"measure", "value", "hidden"} <= rows[0].keys()
    listed = http.get(f"{root}/activities?format=csv", headers=bearer)
    assert "text/csv" in listed.headers["content-type"]
    report = http.get(f"{root}/reports", headers=bearer).json()["items"][0]
    assert http.get(f"{root}/reports/{report['id']}", headers=bearer).status == 200
    assert http.get(f"{site.url}/api/v1/p/thornmere-moves/activities", headers=bearer).status == 404
    schema = http.get(f"{site.url}/api/v1/schema").text()
    assert schema.startswith("openapi: 3")
    # Leaving the page forgets the secret.
    page.get_by_role("button", name="I have kept the secret").click()
    assert secret not in page.content()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_report_is_made_now_and_read_as_page_and_pdf(site, scripts):
    page = site.page_for("chair", java_script_enabled=scripts)
    with site.quiet():
        Report.objects.filter(partnership=site.demo.ours.partnership).delete()
        mail.outbox.clear()
    page.goto(site.place + "reports/")
    page.get_by_role("button", name=re.compile("^Make it now")).first.click()
    if page.get_by_role("button", name="Make it now", exact=True).count() == 1:
        page.get_by_role("button", name="Make it now", exact=True).click()
    expect(page.get_by_role("link", name="Open as PDF")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Got worse")
    pdf = page.context.request.get(page.url + "report.pdf")
    assert pdf.body().startswith(b"%PDF-")
    with site.quiet():
        report = Report.objects.get(partnership=site.demo.ours.partnership)
        told = sorted(report.definition.recipients.values_list("email", flat=True))
        assert sorted(to for letter in mail.outbox for to in letter.to) == told


def test_somebody_invited_sets_a_password_and_is_in(site):
    page = site.page_for("manager")
    mail.outbox.clear()
    page.goto(site.place + "people/invite/")
    page.get_by_label(re.compile("^(Name|Their name|Full name)")).fill("Robin Lowe")
    page.get_by_label("Email address").fill("robin.lowe@example.org")
    page.get_by_role("radio", name="Officer").check()
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text("robin.lowe@example.org")
    letter = next(letter for letter in mail.outbox if letter.to == ["robin.lowe@example.org"])
    link = link_in(letter)
    new = site.page_for(size=PHONE)
    new.goto(link)
    new.get_by_label("Choose a password").or_(new.get_by_label("Password")).first.fill(NEW_PASSWORD)
    new.get_by_role("button", name="Accept and come in").click()
    expect(new).to_have_url(re.compile(f"/p/{site.demo.slug}/"))
    # And once more, the way they will come every day.
    again = site.page_for()
    again.goto(site.url)
    again.get_by_label("Email address").fill("robin.lowe@example.org")
    again.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again.get_by_role("link", name="Log an activity").first).to_be_visible()


def show_that_it_is_you(page):
    """The password once more, where a page asks for it."""
    from demo.accounts import password

    if page.get_by_role("heading", name="Show that it is you").count():
        page.get_by_label("Password", exact=True).fill(password())
        page.get_by_role("button", name="Go on").click()


def test_a_role_that_must_have_a_second_step_sets_one_up_and_goes_on(site):
    from demo.accounts import password

    ours = site.demo.ours.partnership
    with site.quiet():
        ours.refresh_from_db()
        ask_for_second_factor(
            partnership=ours,
            roles=[Role.CHAIR],
            expected_version=ours.version,
            by=site.demo.people["manager"],
        )
    page = site.page_for("chair")
    page.goto(site.place + "outcomes/")
    expect(page.get_by_text("asks people in your role for a second step")).to_be_visible()
    page.goto("/account/2fa/totp/activate/")
    show_that_it_is_you(page)
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.get_by_role("main").inner_html())
    assert secret, page.get_by_role("main").inner_text()
    page.get_by_label(re.compile("code", re.I)).first.fill(app_code(secret.group()))
    page.get_by_role("main").get_by_role("button").last.click()
    page.goto(site.place + "outcomes/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Outcomes")
    page.context.clear_cookies()
    # From now on a password alone is not enough.
    page.goto(site.url)
    page.get_by_label("Email address").fill(site.demo.people["chair"].email)
    page.get_by_label("Password", exact=True).fill(password())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/account/2fa/authenticate/"))


def test_a_seat_holder_from_elsewhere_sees_just_that_board(site):
    page = site.page_for("seat", size=PHONE)
    page.goto(site.place)
    with site.quiet():
        seat = site.demo.people["seat"].seats.get(partnership=site.demo.ours.partnership, ends_on=None)
        board, other = seat.board, site.demo.ours.partnership.boards.exclude(pk=seat.board_id).first()
    page.get_by_role("link", name=board.name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(board.name)
    assert page.goto(f"{site.place}boards/{other.pk}/").status == 403
    assert page.goto(f"{site.place}outcomes/").status == 403
    assert date.today() >= seat.starts_on


@pytest.mark.parametrize("scripts", [True, False])
def test_search_from_any_page_finds_what_somebody_may_see(site, scripts):
    page = site.page_for("observer", java_script_enabled=scripts)
    page.goto(site.place + "boards/")
    box = page.get_by_role("searchbox").first
    box.fill(site.demo.ours.measure.name)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))
    found = page.get_by_role("main").get_by_role("link", name=site.demo.ours.measure.name)
    expect(found.first).to_be_visible()
    page.goto(site.place + "search/?q=xyzzyx")
    expect(page.get_by_role("main")).to_contain_text(re.compile("nothing|no ", re.I))
