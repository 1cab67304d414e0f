"""Components say what they need, are all shown in the gallery, and carry nothing that the content security policy forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test.signals import template_rendered

from config.gallery import sample_context

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


@contextmanager
def templates_used() -> Iterator[set[str]]:
    used: set[str] = set()

    def note(sender: Any, template: Any, **kwargs: Any) -> None:
        used.add(template.name)

    template_rendered.connect(note)
    yield used
    template_rendered.disconnect(note)


def gallery(request_for: Any) -> str:
    return render_to_string("gallery.html", sample_context(), request=request_for("/gallery/"))


def test_the_gallery_shows_every_component(request_for: Any) -> None:
    with templates_used() as used:
        gallery(request_for)
    assert {f"components/{path.name}" for path in COMPONENTS} <= used


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_says_at_its_top_what_it_needs(path: Path) -> None:
    assert re.match(
        r"({% load [a-z ]+ %})?{% comment %}\n.*Context: .*?{% endcomment %}", path.read_text(), re.DOTALL
    )


def test_nothing_needs_inline_script_or_style(request_for: Any) -> None:
    html = gallery(request_for)
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_ids_in_the_gallery_are_used_once(request_for: Any) -> None:
    ids = re.findall(r'\sid="([^"]*)"', gallery(request_for))
    assert sorted(ids) == sorted(set(ids))


def test_headings_never_skip_a_level(request_for: Any) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", gallery(request_for))]
    after_title = levels[levels.index(1) :]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(after_title))


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_error_pages_need_no_context_at_all(name: str) -> None:
    html = render_to_string(name)
    assert "<h1" in html
    assert 'href="/"' in html


def test_the_page_for_our_own_failures_runs_no_code() -> None:
    assert "{%" not in (TEMPLATES / "500.html").read_text()
    assert "{{" not in (TEMPLATES / "500.html").read_text()


def test_the_header_shows_what_the_shell_has_and_nothing_else() -> None:
    shell: dict[str, Any] = {
        "product": "Throughline",
        "partnership": {"name": "Marlbeck & co", "slug": "marlbeck"},
        "navigation": [
            {"label": "Home", "url": "/p/marlbeck/", "current": False},
            {"label": "Outcomes", "url": "/p/marlbeck/outcomes/", "current": True},
        ],
        "account": [{"label": "Your account", "url": "/account/"}],
        "search_url": "/p/marlbeck/search/",
        "log_activity_url": "/p/marlbeck/activities/new/",
    }
    full = render_to_string("components/header.html", {"shell": shell})
    assert "Marlbeck &amp; co" in full
    assert full.count("aria-current") == 1
    assert 'action="/p/marlbeck/search/"' in full
    assert "/p/marlbeck/activities/new/" in full
    bare = render_to_string("components/header.html", {"shell": {"product": "Throughline"}})
    for absent in ("<nav", "<form", "<details", "Log an activity"):
        assert absent not in bare


def test_the_page_title_names_page_partnership_and_product(request_for: Any) -> None:
    class Partnership:
        name, slug = "Marlbeck Together", "marlbeck"

    request = request_for()
    request.partnership = Partnership()
    html = render_to_string("404.html", request=request)
    assert "<title>Page not found – Marlbeck Together – Throughline</title>" in html


def test_messages_say_what_they_are_in_words() -> None:
    html = render_to_string(
        "components/messages.html",
        {"messages": [Message(25, "Logged"), Message(40, "Refused <b>"), Message(20, "By the way")]},
    )
    assert re.findall(r'__title"[^>]*>([^<]+)', html) == ["Done", "There is a problem", "Note"]
    assert "Refused &lt;b&gt;" in html
    assert html.count('role="alert"') == 1


def test_pages_of_a_list_keep_the_filters(request_for: Any) -> None:
    page = Paginator(range(100), 10).page(4)
    html = Template("{% load ui %}{% pagination page %}").render(
        Context({"page": page, "request": request_for("/?q=canal&status=a&status=b&page=4")})
    )
    assert 'href="?q=canal&amp;status=a&amp;status=b&amp;page=3" rel="prev"' in html
    assert html.count('aria-current="page"') == 1
    assert 'aria-label="Page 4 of 10" aria-current="page"' in html


def test_one_page_has_no_pagination(request_for: Any) -> None:
    page = Paginator(range(5), 10).page(1)
    context = Context({"page": page, "request": request_for()})
    assert Template("{% load ui %}{% pagination page %}").render(context).strip() == ""


def test_a_table_row_with_a_missing_cell_is_refused() -> None:
    table = {
        "id": "t",
        "caption": "T",
        "columns": [{"label": "A"}, {"label": "B"}],
        "rows": [[{"text": "only one"}]],
    }
    with pytest.raises(ValueError, match="zip"):
        render_to_string("components/table.html", {"table": table})


def test_a_table_prints_nought_and_escapes_what_it_is_given() -> None:
    table = {
        "id": "t",
        "caption": "T",
        "columns": [{"label": "A", "numeric": True}],
        "rows": [[{"text": 0}], [{"text": "<i>"}]],
    }
    html = render_to_string("components/table.html", {"table": table})
    assert 'govuk-table__cell--numeric">0</td>' in html
    assert "&lt;i&gt;" in html


def test_progress_asks_again_only_while_there_is_more() -> None:
    going = {"label": "Import", "state": "1 of 3", "done": 1, "total": 3, "poll_url": "/job/1/"}
    assert 'data-poll-url="/job/1/"' in render_to_string("components/progress.html", {"progress": going})
    done = {"label": "Import", "state": "Done", "url": "/import/1/", "url_label": "See the import"}
    html = render_to_string("components/progress.html", {"progress": done})
    assert "data-poll-url" not in html
    assert "See the import" in html
