"""Texts from outside, through every entry that takes them, and none comes out as it went in."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING

import pytest

from pywats import (
    AsyncWATS,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    attach_context,
    configure_logging,
    pyWATS,
    use_correlation_id_of,
)
from tests.http.raw_server import RawServer
from tests.observability.measuring import Measurements, measure
from tests.redaction.hostile import HARMFUL, HOSTILE

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from tests.tracing import Spans

TOKEN = "c3RhdGlvbjpTM2NyM3RQYXNzdzByZA=="
PASSWORD = "S3cr3tPassw0rd"

each_text = pytest.mark.parametrize("kind", HOSTILE)


def blocking(base_url: str) -> None:
    retry = RetryConfig(max_retries=1, backoff=1, max_backoff=0.01, retry_on_status=[500])
    with pyWATS(base_url, TOKEN, timeout=60, retry_config=retry) as api:
        api.product.get_product("A")


def asynchronous(base_url: str) -> None:
    async def main() -> None:
        async with AsyncWATS(base_url, TOKEN, timeout=60) as api:
            await api.product.get_product("A")

    asyncio.run(main())


each_face = pytest.mark.parametrize("face", [blocking, asynchronous])


def response(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> Callable[[bytes], bytes]:
    def make(text: bytes) -> bytes:
        head = b"\r\n".join([b"HTTP/1.1 " + status, *headers]).replace(b"{}", text)
        content = body.replace(b"{}", text)
        return head + b"\r\nContent-Length: %d\r\n\r\n" % len(content) + content

    return make


def in_json(key: str) -> Callable[[bytes], bytes]:
    def make(text: bytes) -> bytes:
        content = json.dumps({key: text.decode()}).encode()
        return b"HTTP/1.1 400 no\r\nContent-Length: %d\r\n\r\n" % len(content) + content

    return make


def as_key(text: bytes) -> bytes:
    content = json.dumps({"partNumber": "A", "tags": {text.decode(): 1}, text.decode(): 2}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content


RESPONSES: dict[str, Callable[[bytes], bytes]] = {
    "body": response(b"{}"),
    "body of an error": response(b"{}", status=b"500 E"),
    "message of an error": in_json("Message"),
    "title of an error": in_json("title"),
    "key": as_key,
    "content type": response(b"[", b"Content-Type: {}"),
    "content encoding": response(b"[", b"Content-Encoding: {}"),
    "reason phrase": response(b"", status=b"401 {}"),
    "retry after": response(b"", b"Retry-After: {}", status=b"503 no"),
    "location": response(b"", b"Location: {}", status=b"302 no"),
    "header": response(b"", b"X-{}: {}"),
    "not HTTP": lambda text: text,
    "status line": lambda text: b"HTTP/1.1 2" + text + b"\r\n\r\n",
}


@each_face
@each_text
@pytest.mark.parametrize("place", RESPONSES)
def test_responses(
    place: str, kind: str, face: Callable[[str], None], spans: Spans, told: Told
) -> None:
    text = f"{TOKEN}{HOSTILE[kind]}{PASSWORD}".encode("utf-8", "replace")
    response = RESPONSES[place](text)

    def send(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response)

    with RawServer(send) as server:
        told.by(lambda: face(server.base_url))
    assert_clean(told, spans)


@each_text
def test_errors_of_wrapped_objects(kind: str, spans: Spans, told: Told) -> None:
    text = HOSTILE[kind]
    hostile = type(
        text[:500].replace("\0", "").replace("\udce9", ""),
        (ConnectionError,),
        {"__module__": text[:500]},
    )

    class Service:
        async def plain(self) -> None:
            raise ConnectionError(text)

        async def named(self) -> None:
            raise hostile(text)

        async def noted(self) -> None:
            error = ConnectionError("plain")
            error.add_note(text)
            raise error from LookupError(text)

    config = SyncConfig(
        retry_enabled=True, retry=RetryConfig(max_retries=1, backoff=1, max_backoff=0.01)
    )
    service = SyncServiceWrapper(Service(), config)
    for method in (service.plain, service.named, service.noted):
        told.by(method, errors=False)
    assert_clean(told, spans)


@each_text
def test_ids_of_the_application(kind: str, spans: Spans, told: Told) -> None:
    variable: ContextVar[str] = ContextVar("request id")
    variable.set(HOSTILE[kind])
    use_correlation_id_of(variable)

    class Service:
        async def work(self) -> None:
            """Do nothing."""

    def carried() -> None:
        with attach_context({"x-correlation-id": HOSTILE[kind], "traceparent": HOSTILE[kind]}):
            SyncServiceWrapper(Service()).work()

    try:
        told.by(SyncServiceWrapper(Service()).work)
        told.by(carried)
    finally:
        use_correlation_id_of(None)
    assert_clean(told, spans)


@each_text
@pytest.mark.parametrize(
    "variable",
    ["PYWATS_BASE_URL", "PYWATS_TOKEN", "PYWATS_TIMEOUT", "PYWATS_MAX_RETRIES", "http_proxy"],
)
def test_environment(
    kind: str, variable: str, told: Told, spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("PYWATS_TOKEN", TOKEN)
    monkeypatch.setenv(variable, HOSTILE[kind].replace("\0", ""))

    def call() -> None:
        with pyWATS() as api:
            api.product.get_product("A")

    told.by(call)
    assert_clean(told, spans)


class Told:
    """What was told of calls: errors and log lines."""

    def __init__(self) -> None:
        self.lines = io.StringIO()
        self.errors: list[str] = []
        self.measured = measure()

    def by(self, call: Callable[[], object], *, errors: bool = True) -> None:
        """Make the call, and keep its error; that of a wrapped object is the object's own."""
        try:
            call()
        except Exception as error:  # noqa: BLE001 - any of them
            if errors:
                notes: list[str] = getattr(error, "__notes__", [])
                self.errors += [str(error), *notes, getattr(error, "excerpt", "")]


@pytest.fixture
def told() -> Iterator[Told]:
    made, root = Told(), logging.getLogger()
    level = root.level
    handler = configure_logging(stream=made.lines)
    yield made
    root.removeHandler(handler)
    root.setLevel(level)


def assert_clean(told: Told, spans: Spans) -> None:
    lines = told.lines.getvalue().splitlines()
    assert all(line.startswith("20") for line in lines), lines
    texts = [*told.errors, *lines, *in_spans(spans), *in_metrics(told.measured)]
    for text in texts:
        assert not HARMFUL.search(text.replace("\n", "").replace("\t", "")), ascii(text)
        assert len(text) < 30_000
        assert TOKEN not in text
        assert PASSWORD not in text


def in_spans(spans: Spans) -> Iterator[str]:
    for span in spans.finished:
        yield span.name
        yield span.status.description or ""
        yield from map(str, (span.attributes or {}).values())
        for event in span.events:
            yield event.name
            yield from map(str, (event.attributes or {}).values())


def in_metrics(measured: Measurements) -> Iterator[str]:
    for name, metric in measured.metrics.items():
        yield name
        for point in metric.data.data_points:
            yield from map(str, (point.attributes or {}).values())
