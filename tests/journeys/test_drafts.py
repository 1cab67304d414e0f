"""Text in two places at once: two tabs of one person, and two people with one activity."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from partnerships.actions.activities import log_activity
from partnerships.models import Draft
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser


def title(page):
    return page.get_by_label("What happened?", exact=True)


def status(page):
    return page.locator("[data-autosave-status]")


def test_an_older_tab_never_wipes_what_a_newer_one_holds(site):
    older = site.page_for("officer", size=PHONE)
    older.goto(site.place + "activities/new/")
    title(older).fill("Begun")
    expect(status(older)).to_have_text(re.compile("^Draft saved"))
    newer = older.context.new_page()
    newer.goto(site.place + "activities/new/")
    expect(title(newer)).to_have_value("Begun")
    title(newer).fill("Newer words")
    expect(status(newer)).to_have_text(re.compile("^Draft saved"))
    title(older).fill("Older words")
    expect(status(older)).to_contain_text("kept as a second draft")
    with site.quiet():
        assert {draft.fields["title"][0] for draft in Draft.objects.all()} == {"Newer words", "Older words"}
    newer.get_by_role("button", name="Save activity").click()
    expect(newer.get_by_text("Activity saved.")).to_be_visible()
    newer.goto(site.place + "activities/new/")
    expect(title(newer)).to_have_value("Older words")
    newer.get_by_role("button", name="Discard it").click()
    expect(title(newer)).to_have_value("")
    with site.quiet():
        assert not Draft.objects.exists()


def test_two_people_who_change_one_activity_see_both_texts(site):
    with site.quiet():
        officer = site.demo.people["officer"]
        activity = log_activity(
            partnership=site.demo.partnership,
            by=officer,
            title="Walk by the canal",
            happened_on=site.demo.partnership.started_on,
        )
    address = f"{site.place}activities/{activity.pk}/edit/"
    first, second = site.page_for("officer"), site.page_for("manager", size=PHONE)
    first.goto(address)
    second.goto(address)
    title(first).fill("Walk by the old canal")
    first.get_by_role("button", name="Save changes").click()
    expect(first.get_by_text("Your changes are saved.")).to_be_visible()
    title(second).fill("Walk by the new canal")
    second.get_by_role("button", name="Save changes").click()
    expect(second.get_by_role("heading", name=f"What {officer.name} saved")).to_be_visible()
    expect(second.locator("mark")).to_have_text([" old", " new"])
    expect(title(second)).to_have_value("Walk by the new canal")
    second.get_by_role("button", name="Save changes").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Walk by the new canal")
