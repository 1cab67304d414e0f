"""What a council officer does: logs, loses nothing, meets a colleague's edit, and brings in figures."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from playwright.sync_api import expect

from learning.models import LearningEntry
from outcomes.models import ImportBatch, Observation
from partnerships.models import Activity, Draft
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser

# The columns of a published file of active adults; the figures are invented.
PUBLISHED = """area_code,area_name,area_type,period,indicator,measure,unit,value,compared_to_England,inequality
E92000001,England,Country,2001/02,Percentage of physically active adults,Percentage,Persons,51.4,Not compared,NA
E92000001,England,Country,2002/03,Percentage of physically active adults,Percentage,Persons,52,Not compared,NA
E99999999,Nowhere,District,2002/03,Percentage of physically active adults,Percentage,Persons,50.1,Similar,NA
"""


def test_an_activity_is_logged_on_a_phone_by_keyboard_within_a_minute(site):
    page = site.page_for("officer", size=PHONE)
    page.goto(site.place)
    page.get_by_role("link", name="Log an activity").first.focus()
    began = time.monotonic()
    page.keyboard.press("Enter")
    title = page.get_by_label("What happened?", exact=True)
    title.wait_for()
    for _ in range(30):
        if title.evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Met the walking group at the library", delay=5)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Met the walking group at the library")
    assert time.monotonic() - began < 60
    expect(page.get_by_text("Activity saved.")).to_be_visible()
    with site.quiet():
        logged = Activity.objects.get(title="Met the walking group at the library")
        assert logged.created_by == site.demo.people["officer"]
        assert logged.is_complete
        assert not Draft.objects.filter(person=site.demo.people["officer"], form="activity:new").exists()


def test_what_was_typed_survives_a_closed_browser(site):
    page = site.page_for("officer")
    page.goto(site.place + "activities/new/")
    page.get_by_label("What happened?", exact=True).fill("Half a story about the ")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Draft saved"))
    page.context.close()
    again = site.page_for("officer", size=PHONE)
    again.goto(site.place + "activities/new/")
    expect(again.get_by_label("What happened?", exact=True)).to_have_value("Half a story about the ")
    expect(again.get_by_text("We kept what you typed")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_sent_after_the_session_ended_comes_back_after_signing_in(site, scripts):
    page = site.page_for("officer", java_script_enabled=scripts)
    page.goto(site.place + "activities/new/")
    page.get_by_label("What happened?", exact=True).fill("Written while the session ended")
    token = next(c for c in page.context.cookies() if c["name"] == "csrftoken" or "csrf" in c["name"])
    page.context.clear_cookies()
    page.context.add_cookies([token])
    page.get_by_role("button", name="Save activity").click()
    expect(page).to_have_url(re.compile("/account/login/"))
    sign_in_by_password(site, page, "officer")
    expect(page.get_by_text("You were signed out before this was saved.")).to_be_visible()
    expect(page.get_by_label("What happened?", exact=True)).to_have_value("Written while the session ended")
    page.get_by_role("button", name="Save activity").click()
    expect(page.get_by_text("Activity saved.")).to_be_visible()


def sign_in_by_password(site, page, who):
    from demo.accounts import password

    page.get_by_label("Email address").fill(site.demo.people[who].email)
    page.get_by_label("Password", exact=True).fill(password())
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_two_officers_edit_at_once_and_neither_loses_text(site):
    with site.quiet():
        activity = site.demo.ours.activity
    path = f"{site.place}activities/{activity.pk}/edit/"
    first, second = site.page_for("officer"), site.page_for("manager")
    first.goto(path)
    second.goto(path)
    first.get_by_label("What happened?", exact=True).fill("What the officer wrote")
    first.get_by_role("button", name="Save changes").click()
    expect(first.get_by_text("Your changes are saved.")).to_be_visible()
    second.get_by_label("What happened?", exact=True).fill("What the manager wrote")
    second.get_by_role("button", name="Save changes").click()
    expect(second.get_by_label("What happened?", exact=True)).to_have_value("What the manager wrote")
    expect(second.get_by_role("main")).to_contain_text("What the officer wrote")
    second.get_by_role("button", name="Save changes").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("What the manager wrote")
    second.goto(f"{site.place}history/activity/{activity.pk}/")
    expect(second.get_by_role("main")).to_contain_text("What the officer wrote")


@pytest.mark.parametrize("scripts", [True, False])
def test_figures_are_imported_again_and_taken_back(site, scripts):
    measure = site.demo.ours.measure
    with site.quiet():
        known = Observation.objects.filter(measure=measure).count()

    def bring_in(page) -> None:
        page.goto(site.place + "imports/new/")
        page.get_by_label("File of figures").set_input_files(
            {"name": "active_adults.csv", "mimeType": "text/csv", "buffer": PUBLISHED.encode()}
        )
        page.get_by_role("button", name=re.compile("^(Upload|Read|Next|Continue|Go on)")).click()

    page = site.page_for("officer", java_script_enabled=scripts)
    bring_in(page)
    if scripts:
        box = page.get_by_role("combobox", name="Measure")
        box.fill(measure.name)
        box.press("ArrowDown")
        box.press("Enter")
    else:
        page.get_by_label("Measure", exact=True).select_option(str(measure.pk))
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what changes")
    page.get_by_role("link", name="Refused 1").click()
    expect(page.get_by_role("main")).to_contain_text("E99999999")
    page.get_by_role("button", name="Save 2 figures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("active_adults.csv")
    with site.quiet():
        assert Observation.objects.filter(measure=measure).count() == known + 2
    # Again: the columns are known by now, and nothing is new.
    bring_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what changes")
    expect(page.get_by_text("Exactly this file was imported")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Save "))).to_have_count(0)
    page.get_by_role("link", name="See that import").click()
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()
    with site.quiet():
        assert Observation.objects.filter(measure=measure, superseded_at=None).count() <= known
        assert ImportBatch.objects.filter(file_name="active_adults.csv", undone_at__isnull=False).exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_learning_is_written_from_an_activity_and_found_in_the_log(site, scripts):
    page = site.page_for("officer", java_script_enabled=scripts)
    page.goto(f"{site.place}activities/{site.demo.ours.activity.pk}/")
    page.get_by_role("link", name="Write what we learned").click()
    page.get_by_label("What did we learn, in a few words?").fill("Flyers reach nobody in Netherfold")
    page.get_by_label("What did we expect?").fill("Forty families")
    page.get_by_label("What happened?").fill("Four came")
    page.get_by_role("group", name="Did it work?").get_by_role("radio").nth(2).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Flyers reach nobody in Netherfold")
    page.goto(f"{site.place}learning/?q=flyers")
    expect(page.get_by_role("link", name="Flyers reach nobody in Netherfold")).to_be_visible()
    with site.quiet():
        entry = LearningEntry.objects.get(title="Flyers reach nobody in Netherfold")
        assert entry.activity == site.demo.ours.activity
        assert entry.learned_on <= date.today()
    page.goto(f"{site.place}search/?q=flyers")
    expect(
        page.get_by_role("main").get_by_role("link", name=re.compile("Flyers reach nobody"))
    ).to_be_visible()
