"""A partner fills in a return: keys, a pasted block, what is said while typing, and the way to sending it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from outcomes.models import Return, ReturnCell
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def own_return(site) -> Return:
    with site.quiet():
        return Return.objects.filter(
            partnership=site.demo.ours.partnership,
            status="sent_back",
            organisation__name="Brackenford Leisure Trust",
        ).get()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_grid_by_keyboard_and_by_a_pasted_block(site, size):
    found = own_return(site)
    page = site.page_for("partner", size=size)
    page.goto(f"{site.place}returns/{found.pk}/edit/")
    total = page.get_by_label("Children who attended, total", exact=True)
    total.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Children whose place was funded by HAF, total", exact=True)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(total).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    primary = page.get_by_label("Children who attended, Primary (Reception to Year 6)")
    expect(primary).to_be_focused()
    total.focus()
    page.evaluate(PASTE, "1,200\t1300\t500\n")
    expect(primary).to_have_value("1300")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Draft saved")
    said = page.locator("[data-finding]")
    expect(
        said.filter(has_text="Primary (Reception to Year 6) is more than the total (1,200)")
    ).to_be_visible()
    with site.quiet():
        cell = ReturnCell.objects.get(returned_in=found, measure__template_key="haf_children", group=None)
        assert cell.value == 1200
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_is_odd_is_explained_where_it_stands(site):
    found = own_return(site)
    page = site.page_for("partner")
    page.goto(f"{site.place}returns/{found.pk}/edit/")
    page.get_by_label("Families reached, total").fill("9000")
    why = page.get_by_label("Why is Families reached right?")
    why.fill("We count every family since spring")
    page.get_by_role("button", name="Save and check before sending").click()
    expect(page.get_by_role("heading", name="Check before you send")).to_be_visible()
    expect(page.get_by_text("We count every family since spring").first).to_be_visible()
