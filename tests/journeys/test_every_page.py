"""Every page of the demo in a real browser at two widths: accessible (axe, WCAG 2.2 AA), nothing cut off, no script fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.journeys.conftest import DESK, PHONE
from tests.sweeps.addresses import of_everybody, of_partnerships, paths
from tests.sweeps.test_everybody import EXPECTED, path_of
from tests.sweeps.test_pages import PIECES

pytestmark = pytest.mark.browser
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# 1280 pixels at a zoom of 400%.
NARROW = {"width": 320, "height": 640}
# What a browser downloads or what a script asks for is no page.
FILES = {
    "report-pdf",
    "measure-chart",
    "framework-file",
    "measure-data",
    "measure-picture",
    "measure-groups-data",
    "measure-places-data",
    "outcome-map-file",
    "activity-export",
    "activity-sheet-blank",
    "commitment-export",
    "contact-export",
    "document",
    "return-file",
    "spread-csv",
    "spread-xlsx",
    "voice-export",
    "import-refused",
    "healthz",
    "readyz",
    "api-schema",
}


def can_be_read(view) -> bool:
    return hasattr(view, "get") and "get" in view.http_method_names


def of_the_demo(demo) -> list[str]:
    """One path of each kind; histories look alike, so two of them stand for all."""
    found = []
    for address in of_partnerships():
        if address.name not in PIECES | FILES and can_be_read(address.view):
            found += paths(address, demo.ours)[:2]
    return found


def faults_of(page) -> list[str]:
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{violation['id']}: {violation['help']} ({node['target'][0]}) {node['failureSummary'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


def cut_off(page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def look_at(page, path: str, *, is_open: bool = True) -> list[str]:
    """What is wrong with a page. `is_open` says that there is one and not a way back to signing in, say."""
    answer = page.goto(path, wait_until="load")
    assert answer.status == 200 or not is_open, f"{path} answered {answer.status}"
    if "text/html" not in answer.headers.get("content-type", ""):
        return []
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        if not page.evaluate("typeof axe !== 'undefined'"):
            page.evaluate(AXE.read_text())
        found += [f"{size['width']}: {fault}" for fault in faults_of(page)]
    page.set_viewport_size(NARROW)
    if (over := cut_off(page)) > 0:
        found.append(f"320: {over} pixels are cut off")
    return [f"{path} {fault}" for fault in found]


@pytest.fixture(autouse=True)
def _axe_is_there() -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed (node_modules)")


@pytest.mark.parametrize("part", range(4))
def test_pages_of_a_partnership(site, demo, part):
    page = site.page_for("manager")
    wrong = []
    for path in of_the_demo(demo)[part::4]:
        wrong += look_at(page, path)
        assert site.wrong == [], path
    assert wrong == []


@pytest.mark.parametrize("who", [None, "officer"])
def test_pages_of_everybody(site, demo, who):
    page = site.page_for(who)
    wrong = []
    for address in of_everybody():
        opens = EXPECTED[str(address)][1 if who else 0]
        if 200 in opens and address.name not in FILES:
            wrong += look_at(page, path_of(address, demo), is_open=False)
            assert site.wrong == [], address.name
    assert wrong == []


def test_a_seat_holders_pages(site, demo):
    page = site.page_for("seat", size=PHONE)
    wrong = look_at(page, f"/p/{demo.slug}/")
    with site.quiet():
        board = (
            demo.people["seat"].seats.filter(ends_on=None, partnership=demo.ours.partnership).first().board_id
        )
    assert wrong + look_at(page, f"/p/{demo.slug}/boards/{board}/") == []
