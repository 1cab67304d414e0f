"""The product behind a real address, on the test's own database connection.

A request is dealt with while no other is, and what waits for a commit is run after it: so the demo is loaded once, and each
journey is rolled back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A browser breaks off requests when it leaves a page; nobody needs to read of it."""


class Threads(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """Django's own server ends a thread by closing its connections."""


class Server:
    def __init__(self) -> None:
        self.connection = connections["default"]
        self.connection.inc_thread_sharing()
        # Django looks after connections at the begin and the end of each request; this one belongs to the test.
        self.connection.close_if_unusable_or_obsolete = lambda: None
        self.busy = threading.RLock()
        self.pages = WSGIHandler()
        self.broken: list[str] = []
        self.http = Threads(("127.0.0.1", 0), Quiet, connections_override={"default": self.connection})
        self.http.daemon_threads = True
        self.http.set_app(StaticFilesHandler(self))
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    def get_response(self, request: Any) -> Any:
        raise NotImplementedError("Static files are found by the handler around this one.")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self.busy:
            connections["default"] = self.connection
            answer = self.pages(environ, self.noting(environ, start_response))
            body = b"".join(answer)
            answer.close()
            self.after_commit()
        return [body]

    def noting(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Callable[..., Any]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if status.startswith("5"):
                self.broken.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} answered {status}")
            return start_response(status, headers, *rest)

        return start

    def after_commit(self) -> None:
        while self.connection.run_on_commit:
            waiting, self.connection.run_on_commit = self.connection.run_on_commit, []
            for _, call, _ in waiting:
                call()

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        del self.connection.close_if_unusable_or_obsolete
        self.connection.dec_thread_sharing()
