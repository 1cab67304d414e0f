"""The front end in a real browser: accessible, usable by keyboard and without scripts, and careful with what is typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT

pytestmark = pytest.mark.browser
AXE = ROOT / "node_modules/axe-core/axe.min.js"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


def draft_form(page: Page, site: Any) -> Any:
    page.goto(f"{site.url}/draft-form/")
    return page.locator("[data-autosave-status]")


def saved(page: Page, site: Any, number: int) -> dict[str, list[str]]:
    expect(page.locator("[name=version]")).to_have_value(str(number), timeout=5000)
    return site.drafts[-1]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/gallery/", "/draft-form/"])
def test_axe_finds_nothing(watched: Page, site: Any, size: Any, path: str) -> None:
    watched.set_viewport_size(size)
    watched.goto(site.url + path)
    watched.evaluate(AXE.read_text())
    found = watched.evaluate("axe.run(document)")["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("path", ["/gallery/", "/draft-form/"])
def test_at_four_hundred_per_cent_nothing_scrolls_sideways(watched: Page, site: Any, path: str) -> None:
    watched.set_viewport_size({"width": 320, "height": 256})
    watched.goto(site.url + path)
    assert watched.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_pressed_is_big_enough_for_a_thumb(watched: Page, site: Any) -> None:
    watched.set_viewport_size(PHONE)
    watched.goto(f"{site.url}/draft-form/")
    watched.get_by_role("button", name="Menu").click()
    pressed = watched.locator(
        "header :is(a, button, summary), main :is(button, .tl-button-link), footer a, .govuk-input"
    )
    small = [
        (element.inner_text(), box)
        for element in pressed.all()
        if element.is_visible() and (box := element.bounding_box()) and box["height"] < 44
    ]
    assert small == []


def test_the_menu_opens_by_keyboard_on_a_phone(watched: Page, site: Any) -> None:
    watched.set_viewport_size(PHONE)
    watched.goto(f"{site.url}/draft-form/")
    entry = watched.get_by_role("link", name="Activities", exact=True)
    expect(entry).to_be_hidden()
    watched.get_by_role("button", name="Menu").press("Enter")
    expect(entry).to_be_visible()
    expect(watched.get_by_role("link", name="Log an activity")).to_be_visible()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(watched: Page, site: Any) -> None:
    watched.goto(f"{site.url}/draft-form/")
    watched.keyboard.press("Tab")
    skip = watched.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    skip.press("Enter")
    expect(watched.locator("#main-content")).to_be_focused()


def test_pages_work_without_scripts(browser: Any, site: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site.url}/draft-form/")
    expect(page.get_by_role("link", name="Activities", exact=True)).to_be_visible()
    expect(page.get_by_label("Programme")).to_be_visible()
    page.get_by_label("Programme").select_option("Canal Street")
    page.get_by_label("Marlbeck College").check()
    page.get_by_label("Day").fill("40")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("Day")).to_have_value("40")
    expect(page.get_by_label("Programme")).to_have_value("c")
    expect(page.get_by_label("Marlbeck College")).to_be_checked()
    context.close()


def test_the_error_summary_takes_the_focus_and_leads_to_the_input(watched: Page, site: Any) -> None:
    watched.goto(f"{site.url}/draft-form/")
    watched.get_by_role("button", name="Save").click()
    expect(watched.locator(".govuk-error-summary")).to_be_focused()
    watched.get_by_role("link", name="Enter title").click()
    expect(watched.get_by_label("Title")).to_be_focused()


def test_a_draft_is_saved_soon_after_typing_stops(watched: Page, site: Any) -> None:
    status = draft_form(watched, site)
    watched.get_by_label("Title").type("Canal walk")
    assert saved(watched, site, 1)["title"] == ["Canal walk"]
    expect(status).to_have_text(re.compile(r"^Draft saved at \d\d:\d\d\.?$"))
    assert len(site.drafts) == 1
    watched.get_by_role("button", name="Yesterday").click()
    draft = saved(watched, site, 2)
    assert draft["version"] == ["1"]
    assert all(draft[f"when_{part}"][0].isdigit() for part in ("day", "month", "year"))


def test_a_draft_goes_out_when_the_page_is_left(watched: Page, site: Any) -> None:
    draft_form(watched, site)
    watched.get_by_label("Title").fill("Left at once")
    watched.goto(f"{site.url}/elsewhere/")
    for _ in range(50):
        if site.drafts:
            break
        watched.wait_for_timeout(100)
    assert site.drafts[-1]["title"] == ["Left at once"]


def test_what_cannot_be_sent_is_kept_and_brought_back(watched: Page, site: Any) -> None:
    status = draft_form(watched, site)
    site.draft_status = 500
    watched.get_by_label("Title").fill("While it is down")
    watched.get_by_label("Marlbeck College").check()
    watched.locator("#id_secret").fill("never-kept")
    expect(status).to_contain_text("kept in this browser")
    assert "never-kept" not in watched.evaluate("JSON.stringify(localStorage)")
    watched.goto(f"{site.url}/elsewhere/")

    site.draft_status = 200
    draft_form(watched, site)
    expect(watched.get_by_label("Title")).to_have_value("")
    watched.get_by_role("button", name="Bring it back").click()
    expect(watched.get_by_label("Title")).to_have_value("While it is down")
    expect(watched.get_by_role("button", name="Remove Marlbeck College")).to_be_visible()
    assert saved(watched, site, 1)["title"] == ["While it is down"]
    assert watched.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("status_code", [302, 401, 403])
def test_being_signed_out_is_said_and_signing_in_elsewhere_heals_it(
    watched: Page, site: Any, status_code: int
) -> None:
    status = draft_form(watched, site)
    site.draft_status = status_code
    watched.get_by_label("Title").fill("After lunch")
    expect(status).to_contain_text("You have been signed out")
    # Signing in again, in another tab, changes the token that proves where a form came from.
    site.draft_status, site.token = 200, "second-token"
    watched.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status).to_have_text(re.compile("^Draft saved"))
    assert site.drafts[-1]["title"] == ["After lunch"]
    assert watched.locator('main [name="csrfmiddlewaretoken"]').input_value() == "second-token"


def test_another_person_editing_is_said_and_nothing_is_lost(watched: Page, site: Any) -> None:
    status = draft_form(watched, site)
    site.draft_status = 409
    watched.get_by_label("Title").fill("Mine")
    expect(status).to_contain_text("Someone else has changed this")
    assert "Mine" in watched.evaluate("JSON.stringify(localStorage)")


def test_one_is_picked_by_typing_part_of_a_name(watched: Page, site: Any) -> None:
    draft_form(watched, site)
    box = watched.get_by_role("combobox", name="Programme")
    box.fill("sian")
    expect(watched.get_by_role("option")).to_have_text([re.compile("Siân Rhys Dance")])
    box.press("ArrowDown")
    watched.keyboard.press("Enter")
    expect(box).to_have_value("Siân Rhys Dance")
    assert saved(watched, site, 1)["one"] == ["b"]
    box.fill("canal street")
    box.press("Tab")
    assert saved(watched, site, 2)["one"] == ["c"]
    box.fill("nowhere")
    box.press("Tab")
    assert saved(watched, site, 3)["one"] == [""]
    expect(watched.locator("body > [role=status]")).to_have_text(
        "nowhere is not in the list, so nothing is chosen"
    )


def test_many_are_picked_filtered_and_removed_by_keyboard(watched: Page, site: Any) -> None:
    draft_form(watched, site)
    find = watched.get_by_label("Find in the list of organisations")
    find.fill("rhys sian")
    expect(watched.locator(".tl-pick__count")).to_have_text("1 of 14 organisations shown")
    find.press("Enter")
    remove = watched.get_by_role("button", name="Remove Siân Rhys Dance")
    expect(remove).to_be_visible()
    assert saved(watched, site, 1)["many"] == ["10"]
    remove.press("Enter")
    expect(find).to_be_focused()
    assert "many" not in saved(watched, site, 2)
    find.fill("zzz")
    expect(watched.locator(".tl-pick__count")).to_have_text("No organisations match what you typed")
    find.press("Escape")
    expect(watched.locator(".tl-pick__count")).to_have_text("0 of 14 organisations chosen")


def test_progress_is_followed_to_its_end_and_read_out(watched: Page, site: Any) -> None:
    watched.goto(f"{site.url}/job-page/")
    expect(watched.get_by_role("link", name="See the import")).to_be_visible(timeout=8000)
    expect(watched.locator("body > [role=status]")).to_have_text("Finished")
    polls = site.polls
    watched.wait_for_timeout(1500)
    assert site.polls == polls


def test_filters_are_folded_on_a_phone_until_they_are_in_use(watched: Page, site: Any) -> None:
    watched.set_viewport_size(PHONE)
    watched.goto(f"{site.url}/gallery/")
    panel = watched.locator(".tl-filters")
    expect(panel).to_have_attribute("open", "")  # the gallery's are in use
    watched.evaluate("document.querySelector('.tl-filters').removeAttribute('data-active')")
    watched.set_viewport_size(DESKTOP)
    watched.set_viewport_size(PHONE)
    expect(panel).not_to_have_attribute("open", "")


def test_paper_shows_the_numbers_and_leaves_out_what_is_pressed(watched: Page, site: Any) -> None:
    watched.goto(f"{site.url}/gallery/")
    numbers = watched.locator("#chart-numbers")
    expect(numbers).to_be_hidden()
    watched.emulate_media(media="print")
    expect(numbers).to_be_visible()
    for gone in ("header .tl-header__tools", ".tl-filters", "footer", ".govuk-pagination"):
        expect(watched.locator(gone).first).to_be_hidden()
