"""One build of the front end, and a small site that serves it to a real browser without a database."""

from __future__ import annotations

import json
import mimetypes
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.forms import DateField, DateInput, PickMany, PickOne
from config.gallery import sample_context
from config.gallery_forms import ORGANISATIONS
from tests.browser import browser_type_launch_args

__all__ = ["browser_type_launch_args"]  # a fixture, used by its name
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def request_for(rf: RequestFactory) -> Any:
    return lambda path="/": rf.get(path)


def build(folder: Path) -> Path:
    if not shutil.which("node") or not (ROOT / "node_modules").is_dir():
        pytest.skip("Node or node_modules is missing, so the front end cannot be built here")
    subprocess.run(["node", "assets/build.mjs", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("static") / "build")


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class DraftForm(forms.Form):
    version = forms.CharField(widget=forms.HiddenInput, initial="0", required=False)
    title = forms.CharField(label="Title", max_length=100)
    when = DateField(label="When", widget=DateInput(quick_days=True), required=False)
    one = forms.ChoiceField(
        label="Programme",
        choices=[("", ""), ("a", "Active Marlbeck"), ("b", "Siân Rhys Dance"), ("c", "Canal Street")],
        widget=PickOne,
        required=False,
    )
    many = forms.MultipleChoiceField(
        label="Organisations",
        choices=[(str(number), name) for number, name in enumerate(ORGANISATIONS)],
        widget=PickMany(noun="organisations"),
        required=False,
    )
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)


class Site:
    """A small web site with our pages, our built files, our security policy, and a draft box that can be made to fail."""

    def __init__(self, built: Path) -> None:
        self.built = built
        self.drafts: list[dict[str, list[str]]] = []
        self.draft_status = 200
        self.polls = 0
        self.token = "first-token"
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(*site.page(urlsplit(self.path).path))

            def do_POST(self) -> None:
                sent = parse_qs(
                    self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True
                )
                self.answer(*site.post(urlsplit(self.path).path, sent))

            def answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/sign-in/")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, path: str) -> tuple[int, str, bytes]:
        if path.startswith("/static/"):
            return self.file(path)
        request = RequestFactory().get(path)
        request.META["CSRF_COOKIE"] = None
        if path == "/gallery/":
            html = render_to_string("gallery.html", sample_context(), request=request)
        elif path == "/draft-form/":
            html = self.form_page(DraftForm(), request)
        elif path == "/job/":
            self.polls += 1
            html = render_to_string("components/progress.html", {"progress": self.progress()})
        elif path == "/job-page/":
            inner = render_to_string("components/progress.html", {"progress": self.progress()})
            html = render_to_string("404.html", request=request).replace("</main>", f"{inner}</main>")
        else:
            html = render_to_string("404.html", request=request)
        return 200, "text/html; charset=utf-8", html.encode()

    def form_page(self, form: forms.Form, request: Any) -> str:
        context = {
            "form": form,
            "page_title": "Log an activity",
            "autosave_url": "/draft/",
            "csrf_token": self.token,
        }
        context["shell"] = {
            "product": "Throughline",
            "partnership": {"name": "Marlbeck Together", "slug": "marlbeck"},
            "navigation": [
                {"label": name, "url": "/x/", "current": name == "Home"} for name in ("Home", "Activities")
            ],
            "account": [{"label": "Your account", "url": "/x/"}],
            "search_url": "/x/",
            "log_activity_url": "/x/",
        }
        return render_to_string("layouts/form.html", context)

    def post(self, path: str, sent: dict[str, list[str]]) -> tuple[int, str, bytes]:
        if path == "/draft/":
            if self.draft_status == 200 and sent.get("csrfmiddlewaretoken") != [self.token]:
                return 403, "text/html", b""
            if self.draft_status == 200:
                self.drafts.append(sent)
            answer = {"fields": {"version": str(len(self.drafts))}}
            return self.draft_status, "application/json", json.dumps(answer).encode()
        form = DraftForm({name: values[-1] for name, values in sent.items()})
        html = self.form_page(form, None)
        return 200, "text/html; charset=utf-8", html.encode()

    def progress(self) -> dict[str, Any]:
        if self.polls < 2:
            going = {"state": f"{self.polls} of 2", "done": self.polls, "total": 2}
            return {"label": "Import", "poll_url": "/job/", "poll_seconds": 1} | going
        return {"label": "Import", "state": "Finished", "url": "/x/", "url_label": "See the import"}

    def file(self, path: str) -> tuple[int, str, bytes]:
        name = path.removeprefix("/static/")
        file = (
            self.built / name.removeprefix("build/") if name.startswith("build/") else ROOT / "static" / name
        )
        if not file.is_file():
            return 404, "text/plain", b""
        return 200, mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes()


@pytest.fixture
def site(built: Path) -> Any:
    made = Site(built)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def watched(page: Any) -> Any:
    """A page of which nothing may go wrong unseen: scripts that fail, or a policy that is broken, fail the test."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield page
    assert wrong == []
