"""Texts of servers, through every client and transport that takes them."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

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
    SyncServiceWrapper,
    SyncWATSClient,
    pyWATS,
)
from tests.hostile.told import PASSWORD, TOKEN, Told, assert_clean, each_text
from tests.http.raw_server import RawServer
from tests.redaction.hostile import HOSTILE

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import JsonValue

    from tests.tracing import Spans

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


def test_the_tables_have_every_client_and_transport() -> None:
    public = {each for name in pywats.__all__ if isinstance(each := getattr(pywats, name), type)}
    clients = {each for each in public if hasattr(each, "close") and "WATS" in each.__name__}
    assert clients == set(FACES)
    assert {each for each in public if hasattr(each, "handle_request")} == set(TRANSPORTS)
