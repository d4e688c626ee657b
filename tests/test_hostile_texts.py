"""Texts from outside, through every entry that takes them, and none comes out as it went in."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest

import pywats
from pywats import (
    AsyncWATS,
    CallTransport,
    DirectTransport,
    Outbox,
    RetryConfig,
    SyncClientConfig,
    SyncConfig,
    SyncServiceWrapper,
    SyncWATSClient,
    attach_context,
    configure_logging,
    correlation_id,
    pyWATS,
    use_correlation_id_of,
)
from pywats.telemetry.environment import is_exported
from tests.http.raw_server import RawServer
from tests.observability.measuring import Measurements, measure
from tests.redaction.hostile import HARMFUL, HOSTILE

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from pydantic import JsonValue

    from pywats.telemetry.environment import Signal
    from tests.tracing import Spans

TOKEN = "c3RhdGlvbjpTM2NyM3RQYXNzdzByZA=="
PASSWORD = "S3cr3tPassw0rd"
REPORT: dict[str, JsonValue] = {
    "id": "8ab0bf1b-4c7d-4b8a-9d3a-0f7e4b1c2d3e",
    "type": "T",
    "pn": "P",
    "sn": "S",
    "rev": "A",
    "processCode": 100,
    "machineName": "m",
    "result": "P",
    "start": "2024-01-01T00:00:00+00:00",
    "uut": {"user": "op"},
    "root": {"id": 1, "group": "M", "stepType": "SequenceCall", "name": "Main", "status": "P"},
}

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


def flat(base_url: str) -> None:
    with SyncWATSClient(SyncClientConfig(base_url, TOKEN, timeout=60)) as api:
        api.get_product("A")


FACES = {pyWATS: blocking, AsyncWATS: asynchronous, SyncWATSClient: flat}

each_face = pytest.mark.parametrize("face", FACES.values())


def direct() -> httpx.AsyncBaseTransport:
    return DirectTransport(timeout=60)


def within_a_call() -> httpx.AsyncBaseTransport:
    return CallTransport(timeout=60)


TRANSPORTS = {DirectTransport: direct, CallTransport: within_a_call}


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
    "request id": response(b"", b"X-Request-ID: {}", b"traceresponse: {}", status=b"500 E"),
    "captured header": response(b"", b"X-Captured: {}", status=b"500 E"),
    "date": response(b"", b"Date: {}", b"Retry-After: 1", status=b"503 no"),
    "authentication": response(b"", b"WWW-Authenticate: {}", status=b"401 no"),
    "connection": response(b"", b"Connection: {}", b"Transfer-Encoding: {}"),
    "not HTTP": lambda text: text,
    "status line": lambda text: b"HTTP/1.1 2" + text + b"\r\n\r\n",
}


@contextmanager
def responding(response: bytes) -> Iterator[str]:
    """Serve one response to every request, and say where."""

    def send(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response)

    with RawServer(send) as server:
        yield server.base_url


@each_face
@each_text
@pytest.mark.parametrize("place", RESPONSES)
def test_responses(
    place: str,
    kind: str,
    face: Callable[[str], None],
    spans: Spans,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE", "x-captured")
    text = f"{TOKEN}{HOSTILE[kind]}{PASSWORD}".encode("utf-8", "replace")
    with responding(RESPONSES[place](text)) as base_url:
        told.by(lambda: face(base_url))
    assert_clean(told, spans)


@each_text
@pytest.mark.parametrize("place", RESPONSES)
@pytest.mark.parametrize("transport", TRANSPORTS.values())
def test_responses_to_your_own_client(
    place: str,
    kind: str,
    transport: Callable[[], httpx.AsyncBaseTransport],
    spans: Spans,
    told: Told,
) -> None:
    # Which texts are secrets, only clients of the library know.
    response = RESPONSES[place](HOSTILE[kind].encode("utf-8", "replace"))

    class Service:
        async def ask(self, base_url: str) -> None:
            async with httpx.AsyncClient(transport=transport()) as client:
                (await client.get(base_url)).raise_for_status()

    with responding(response) as base_url:
        # The messages of httpx are httpx's own.
        told.by(lambda: SyncServiceWrapper(Service()).ask(base_url), errors=False)
    assert_clean(told, spans)


@each_text
@pytest.mark.parametrize("place", RESPONSES)
def test_responses_to_an_outbox(
    place: str, kind: str, spans: Spans, told: Told, tmp_path: Path
) -> None:
    text = f"{TOKEN}{HOSTILE[kind]}{PASSWORD}".encode("utf-8", "replace")
    with (
        responding(RESPONSES[place](text)) as base_url,
        pyWATS(base_url, TOKEN, timeout=60) as api,
    ):
        outbox = Outbox(tmp_path)
        told.by(lambda: outbox.submit_report(REPORT))
        told.by(lambda: outbox.send(api))
        kept = [*outbox.waiting(), *outbox.refused()]
    told.errors += [each.error or "" for each in kept]
    assert_clean(told, spans)


@each_text
@pytest.mark.parametrize(
    "document",
    [
        "{}",
        '{"id": "{}"}',
        "<Reports>{}</Reports>",
        '<Reports><Report ID="{}" type="{}"/></Reports>',
        '<?xml version="1.0" encoding="{}"?><Reports/>',
        "<{}/>",
    ],
)
def test_documents(kind: str, document: str, spans: Spans, told: Told, tmp_path: Path) -> None:
    content = document.replace("{}", HOSTILE[kind])
    with pyWATS("http://127.0.0.1:1", TOKEN, deadline=60) as api:
        for submit in (api.report.submit_report, api.report.submit_report_xml):
            told.by(partial(submit, content))
            told.by(partial(submit, content.encode("utf-8", "surrogateescape")))
        told.by(partial(Outbox(tmp_path).submit_report, content))
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

    def given() -> None:
        with correlation_id(HOSTILE[kind]):
            SyncServiceWrapper(Service()).work()

    try:
        told.by(SyncServiceWrapper(Service()).work)
        told.by(carried)
        told.by(given)
    finally:
        use_correlation_id_of(None)
    assert_clean(told, spans)


ENVIRONMENT = (
    "PYWATS_BASE_URL",
    "PYWATS_CERT",
    "PYWATS_DEADLINE",
    "PYWATS_LOCATION",
    "PYWATS_MAX_CONNECTION_AGE",
    "PYWATS_MAX_RETRIES",
    "PYWATS_OUTBOX",
    "PYWATS_PASSWORD",
    "PYWATS_REQUEST_ID_HEADERS",
    "PYWATS_RETRY_BACKOFF",
    "PYWATS_SLOW_CALL",
    "PYWATS_STATION",
    "PYWATS_TIMEOUT",
    "PYWATS_TOKEN",
    "PYWATS_USERNAME",
)
OF_OTHERS = (
    "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "all_proxy",
    "http_proxy",
    "no_proxy",
)


@each_text
@pytest.mark.parametrize("variable", [*ENVIRONMENT, *OF_OTHERS])
def test_environment(
    kind: str,
    variable: str,
    told: Told,
    spans: Spans,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYWATS_BASE_URL", "http://127.0.0.1:1")
    if variable in {"PYWATS_USERNAME", "PYWATS_PASSWORD"}:
        monkeypatch.setenv("PYWATS_USERNAME", "station")
        monkeypatch.setenv("PYWATS_PASSWORD", PASSWORD)
    else:
        monkeypatch.setenv("PYWATS_TOKEN", TOKEN)
    monkeypatch.setenv(variable, HOSTILE[kind].replace("\0", ""))

    def call() -> None:
        with pyWATS() as api:
            report = api.report.create_uut_report("me", "A", "1", "S", 100)
            told.by(lambda: api.report.submit_report(report))
            api.product.get_product("A")

    told.by(call)
    assert_clean(told, spans)


@each_text
@pytest.mark.parametrize(
    "variable",
    [
        "OTEL_TRACES_EXPORTER",
        "OTEL_METRICS_EXPORTER",
        "OTEL_LOGS_EXPORTER",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    ],
)
def test_environment_of_telemetry(
    kind: str, variable: str, told: Told, spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, HOSTILE[kind].replace("\0", ""))
    signal = variable.split("_")[1] if variable.endswith("EXPORTER") else "TRACES"
    told.by(lambda: is_exported(cast("Signal", signal)))
    assert told.errors
    assert_clean(told, spans)


def test_the_tables_are_complete() -> None:
    source = "".join(
        file.read_text(encoding="utf-8") for file in Path(pywats.__file__).parent.rglob("*.py")
    )
    read = set(re.findall(r"\bPYWATS_[A-Z_]+[A-Z]\b", source))
    # The purpose of a report, which goes to the server.
    assert read - set(ENVIRONMENT) <= {"PYWATS_PURPOSE"}
    public = {each for name in pywats.__all__ if isinstance(each := getattr(pywats, name), type)}
    clients = {each for each in public if hasattr(each, "close") and "WATS" in each.__name__}
    assert clients == set(FACES)
    assert {each for each in public if hasattr(each, "handle_request")} == set(TRANSPORTS)


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
