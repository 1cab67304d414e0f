"""One person, two tabs, one form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

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
