"""An HTTP server that answers what a test tells it to, as JSON or as a stream of events."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.waiting import HANGS


class FakeServer:
    """Answers requests by method and path.

    Attributes:
        responses: For each ``"METHOD /path"`` an object, sent as JSON, or a list of events, sent as
            a stream; a callable is asked for it with the body of the request.
        requests: What was asked, as ``"METHOD /path"`` and the decoded body.
        headers: Headers of every answer.
        hang: Held back answers go on once this is set.
    """

    def __init__(self) -> None:
        self.responses: dict[str, Any] = {}
        self.requests: list[tuple[str, Any]] = []
        self.headers: dict[str, str] = {}
        self.hang = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # The body would wait 40 ms for the client's delayed acknowledgement of the headers.
            disable_nagle_algorithm = True

            def respond(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                content = json.loads(body) if body.startswith(b"{") else body.decode()
                key = f"{self.command} {self.path.partition('?')[0]}"
                fake.requests.append((key, content))
                response = fake.responses.get(key)
                if callable(response):
                    response = response(content)
                if response is HANG:
                    fake.hang.wait(HANGS)
                    self.close_connection = True
                    return
                self.send(response)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = respond  # noqa: N815 - the base's names

            def send(self, response: Any) -> None:
                status = 404 if response is None else 200
                if isinstance(response, int):
                    status, response = response, {"error": {"message": "as told"}}
                events = isinstance(response, list)
                text = "".join(response) if events else json.dumps(response)
                kind = "text/event-stream" if events else "application/json"
                content = text.encode()
                self.send_response(status)
                headers = {"Content-Type": kind, "Content-Length": str(len(content))}
                for name, value in {**headers, **fake.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                """Write nothing to the standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hang.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


HANG = object()
"""An answer that does not come."""


def event(data: Any, name: str | None = None) -> str:
    """Return an event of a stream."""
    head = "" if name is None else f"event: {name}\n"
    return f"{head}data: {data if isinstance(data, str) else json.dumps(data)}\n\n"
