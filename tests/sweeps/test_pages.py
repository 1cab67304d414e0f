"""Every page is sound HTML that says what it is: one heading, labels, ids once, a title of its own, a way on."""

from __future__ import annotations

import re

import pytest

from tests.sweeps.addresses import of_everybody, of_partnerships, paths
from tests.sweeps.markup import Page
from tests.sweeps.test_everybody import path_of

pytestmark = pytest.mark.django_db
# Pieces of a page that a script asks for, which are no pages.
PIECES = {"report-progress", "import-progress"}
# Pages that belong to no part of the navigation, or that show none of it.
ANYWHERE = {"search"}
WITHOUT_NAVIGATION = {"dashboard-present"}
# What a template or a view prints when something was forgotten, and what nobody should read.
UNSAID = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|%\(\w+\)s|&lt;(?:bound method|QuerySet|function|generator)|\bNone None\b|\bTODO\b|\bFIXME\b|lorem ipsum"
    r"|\b1 (?:activities|measures|people|entries|boards|organisations|rows|figures)\b",
    re.IGNORECASE,
)


def soundness(html: str) -> list[str]:
    page = Page(html)
    shown = re.sub(r"<(script|svg|textarea|pre|code)\b.*?</\1>", "", html, flags=re.S)
    return page.faults() + [f"it says {found.group()!r}" for found in UNSAID.finditer(shown)]


@pytest.mark.parametrize("address", [a for a in of_partnerships() if a.name not in PIECES], ids=str)
def test_a_page_of_a_partnership_is_sound(address, demo, read):
    for path in paths(address, demo.ours):
        found = read("manager", path)
        if not found.is_page:
            continue
        html = found.html
        assert soundness(html) == [], path
        page = Page(html)
        assert page.title.endswith(f"– {demo.ours.partnership.name} – Throughline")
        if address.name in WITHOUT_NAVIGATION:
            continue
        assert page.landmarks["nav"] >= 1
        says_where = 'aria-current="' in html or "govuk-breadcrumbs" in html
        assert says_where or address.name in ANYWHERE, f"{path} does not say where it is"


@pytest.mark.parametrize("address", of_everybody(), ids=str)
@pytest.mark.parametrize("who", ["anonymous", "officer"])
def test_a_page_of_everybody_is_sound(address, who, demo, visit):
    found = visit(who).get(path_of(address, demo))
    if found.status_code == 200 and found.get("Content-Type", "").startswith("text/html"):
        assert soundness(found.content.decode()) == []


@pytest.mark.parametrize("who", ["observer", "resident", "seat"])
def test_a_page_leads_nobody_to_where_they_may_not_go(who, demo, read):
    """All links of the pages from the navigation are followed once; none ends at a closed or a missing door."""
    home = f"/p/{demo.slug}/"
    seen, waiting = {home: "the start"}, [home]
    while waiting:
        path = waiting.pop()
        found = read(who, path)
        assert found.status_code in (200, 302), (
            f"{seen[path]} leads {who} to {path}, which answers {found.status_code}"
        )
        near = path.count("/") <= 5
        if not found.is_page or not near:
            continue
        links = {(link.get("href") or "").split("#")[0].split("?")[0] for link in Page(found.html).links}
        # A list has many links of one kind; the first few of each kind stand for the others.
        kinds: dict[str, int] = {}
        for link in sorted(links):
            kind = re.sub(r"\d+|(?<=measures/)[^/]+", "#", link)
            kinds[kind] = kinds.get(kind, 0) + 1
            if link.startswith("/") and "logout" not in link and link not in seen and kinds[kind] <= 3:
                seen[link] = path
                waiting.append(link)
    assert len(seen) > 3


def test_titles_tell_pages_apart(demo, read):
    titles: dict[str, list[str]] = {}
    for address in of_partnerships():
        if address.name in PIECES or address.name == "history":
            continue
        for path in paths(address, demo.ours):
            found = read("manager", path)
            if found.is_page:
                titles.setdefault(Page(found.html).title, []).append(address.name)
    same = {title: names for title, names in titles.items() if len(names) > 1}
    assert not same


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere/", 404), ("/p/nowhere/", 404), ("/p/brackenford-together/people/add/", 403)],
)
def test_what_goes_wrong_is_a_sound_page_too(path, status, demo, visit):
    found = visit("observer").get(path)
    assert found.status_code == status
    assert soundness(found.content.decode()) == []
