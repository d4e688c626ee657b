"""Clients that exist already, SDKs, and clients of another library."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import pytest
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI

from pywats import (
    CallTransport,
    DirectTransport,
    SyncConfig,
    SyncServiceWrapper,
    aiohttp_trace_config,
    correlation_id,
    instrument_httpx,
    outgoing_headers,
)
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer, saying
from tests.http.transports.test_own_service import MISSING, OK, header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tracing import Spans

COMPLETION = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "blue"},
        }
    ],
}
MESSAGE = {
    "id": "m",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [{"type": "text", "text": "blue"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 1},
}


def responding(body: object) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(content)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + content


def over(kind: Any) -> httpx2.AsyncClient:
    """Return a client of the fork that the SDKs use."""
    return httpx2.AsyncClient(transport=kind())


def openai_over(base_url: str, client: httpx2.AsyncClient | None) -> AsyncOpenAI:
    return AsyncOpenAI(api_key="k", base_url=base_url, http_client=client, max_retries=0)


def ask_openai(face: Any) -> object:
    question: Any = [{"role": "user", "content": "which colour?"}]
    return face.chat.completions.create(model="m", messages=question).choices[0].message.content


def ask_anthropic(face: Any) -> object:
    question: Any = [{"role": "user", "content": "which colour?"}]
    return face.messages.create(model="m", max_tokens=9, messages=question).content[0].text


def test_openai_over_a_call_transport(spans: Spans) -> None:
    with RawServer(saying(responding(COMPLETION))) as server:
        made = openai_over(server.base_url, over(CallTransport))
        face = SyncServiceWrapper(made, name="openai")
        assert ask_openai(face) == "blue"
        face.close()
    call, request = spans.tree()[:2]
    assert call.startswith("async_completions.create [INTERNAL UNSET]")
    assert request == "  POST [CLIENT UNSET http.response.status_code=200]"
    (trace_id,) = {
        each for each in spans.trace_ids() if each == header(server.heads[0], "X-Correlation-ID")
    }
    assert trace_id


def test_anthropic_over_a_call_transport() -> None:
    with RawServer(saying(responding(MESSAGE))) as server:
        made = AsyncAnthropic(
            api_key="k",
            base_url=server.base_url,
            http_client=over(CallTransport),
            max_retries=0,
        )
        face = SyncServiceWrapper(made, name="anthropic")
        assert ask_anthropic(face) == "blue"
        face.close()
    assert re.fullmatch("[0-9a-f]{32}", header(server.heads[0], "X-Correlation-ID") or "")


def test_the_client_inside_an_sdk_is_instrumented() -> None:
    with RawServer(saying(responding(COMPLETION))) as server:
        made = openai_over(server.base_url, None)
        assert instrument_httpx(instrument_httpx(made)) is made
        face = SyncServiceWrapper(made, SyncConfig(correlation_header="X-Job"), name="openai")
        with correlation_id("job-42"):
            assert ask_openai(face) == "blue"
        face.close()
    assert header(server.heads[0], "X-Job") == "job-42"


@pytest.mark.parametrize(
    "kind", [httpx.AsyncClient, httpx.Client, httpx2.AsyncClient, httpx2.Client]
)
def test_httpx_has_its_transports_where_they_are_looked_for(kind: Any) -> None:
    """The contract on private attributes of httpx."""
    client = kind(mounts={"https://example.com": None})
    before = client._transport
    instrument_httpx(client, only=["api.example.com"])
    assert client._transport is not before
    wrapped = client._transport
    assert client._transport._transport is before
    assert list(client._mounts.values()) == [None]
    instrument_httpx(client)
    assert client._transport is wrapped


def test_a_blocking_client_is_instrumented(spans: Spans) -> None:
    with RawServer(saying(OK)) as server, instrument_httpx(httpx.Client()) as client:
        assert client.get(server.base_url).json() == {}
    assert spans.tree() == ["GET [CLIENT UNSET http.response.status_code=200]"]
    (trace_id,) = spans.trace_ids()
    assert header(server.heads[0], "X-Correlation-ID") == trace_id


def test_the_trace_extension_of_a_blocking_client_is_called() -> None:
    told: list[str] = []
    with RawServer(saying(OK)) as server, instrument_httpx(httpx.Client()) as client:
        client.get(server.base_url, extensions={"trace": lambda event, _: told.append(event)})
    assert "http11.send_request_headers.started" in told


def test_a_blocking_client_fails_with_errors_of_both_kinds() -> None:
    with (
        RawServer(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}")) as server,
        instrument_httpx(httpx.Client()) as client,
    ):
        with pytest.raises(httpx.RemoteProtocolError) as caught:
            client.post(server.base_url)
        assert isinstance(caught.value, ConnectionError)
        address = server.base_url
    with instrument_httpx(httpx.Client()) as client, pytest.raises(ConnectionError):
        client.get(address)


@pytest.mark.parametrize("wrong", [None, object(), "https://example.com"])
def test_what_has_no_httpx_client_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"must be an httpx.AsyncClient, an httpx.Client"):
        instrument_httpx(wrong)
    with pytest.raises(TypeError, match="only"):
        instrument_httpx(httpx.AsyncClient(), only="api.example.com")


def test_outgoing_headers_with_and_without_a_tracer(spans: Spans) -> None:
    class Service:
        async def headers(self) -> dict[str, str]:
            return outgoing_headers()

    assert outgoing_headers() == {}
    traced = SyncServiceWrapper(Service()).headers()
    (trace_id,) = spans.trace_ids()
    assert traced["X-Correlation-ID"] == trace_id
    assert traced["traceparent"].split("-")[1] == trace_id


def test_outgoing_headers_by_the_configured_name() -> None:
    class Service:
        async def headers(self) -> dict[str, str]:
            return outgoing_headers()

    named = SyncServiceWrapper(Service(), SyncConfig(correlation_header="X-Job"))
    with correlation_id("job-42"):
        assert named.headers() == {"X-Job": "job-42"}
        assert outgoing_headers() == {"X-Correlation-ID": "job-42"}
        assert outgoing_headers(correlation_header="X-Other") == {"X-Other": "job-42"}
    off = SyncServiceWrapper(Service(), SyncConfig(correlation_id_enabled=False))
    assert off.headers() == {}
    with pytest.raises(ValueError, match="correlation_header"):
        outgoing_headers(correlation_header="a b")


class OverAiohttp:
    def __init__(self, **options: Any) -> None:
        self._options = options

    async def get(self, url: str) -> int:
        config = aiohttp_trace_config(**self._options)
        async with (
            aiohttp.ClientSession(trace_configs=[config]) as session,
            session.get(url) as response,
        ):
            await response.read()
            return response.status


def test_aiohttp_carries_the_ids() -> None:
    with RawServer(saying(OK)) as server:
        face = SyncServiceWrapper(OverAiohttp())
        with correlation_id("job-42"):
            assert face.get(server.base_url) == 200
        named = SyncServiceWrapper(OverAiohttp(correlation_header="X-Job"))
        with correlation_id("job-42"):
            named.get(server.base_url)
        SyncServiceWrapper(OverAiohttp(only=["api.example.com"])).get(server.base_url)
    first, second, third = server.heads
    assert header(first, "X-Correlation-ID") == "job-42"
    assert header(second, "X-Job") == "job-42"
    assert header(third, "X-Correlation-ID") is None


def test_aiohttp_does_not_take_the_ids_along_to_another_host() -> None:
    with RawServer(saying(OK)) as other:
        there = f"302 Found\r\nLocation: http://localhost:{other.port}/"
        with RawServer(saying(MISSING.replace(b"404 Not Found", there.encode()))) as server:
            SyncServiceWrapper(OverAiohttp(only=["127.0.0.1"])).get(server.base_url)
    assert header(server.heads[0], "X-Correlation-ID")
    assert header(other.heads[0], "X-Correlation-ID") is None


def test_aiohttp_takes_the_ids_along_on_the_same_host() -> None:
    with RawServer(saying(OK)) as other:
        there = f"302 Found\r\nLocation: http://127.0.0.1:{other.port}/"
        with RawServer(saying(MISSING.replace(b"404 Not Found", there.encode()))) as server:
            SyncServiceWrapper(OverAiohttp(only=["127.0.0.1"])).get(server.base_url)
    sent = [header(head, "X-Correlation-ID") for head in (server.heads[0], other.heads[0])]
    assert sent[0] is not None
    assert sent[0] == sent[1]


def test_a_transport_that_is_mounted_too_is_wrapped_once() -> None:
    transport = httpx.AsyncHTTPTransport()
    client = httpx.AsyncClient(transport=transport, mounts={"https://": transport})
    instrument_httpx(client)
    assert isinstance(client._transport, CallTransport)
    assert list(client._mounts.values()) == [client._transport]


class Broken(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"{"
        raise ZeroDivisionError("in the body")


@pytest.mark.parametrize("place", ["request", "body"])
def test_an_error_of_the_transport_inside_is_raised_as_it_is(
    place: str, log_lines: list[str]
) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        if place == "request":
            raise ZeroDivisionError("in the request")
        return httpx.Response(200, stream=Broken())

    client = instrument_httpx(httpx.Client(transport=httpx.MockTransport(respond)))
    with client, pytest.raises(ZeroDivisionError, match=f"in the {place}"):
        client.get("http://wats/")
    (line,) = [line for line in log_lines if "pywats.http " in line]
    said = "failed with ZeroDivisionError" if place == "request" else "200"
    assert f"GET http://wats/: {said} in " in line


def test_a_call_transport_is_not_wrapped_again() -> None:
    transport = CallTransport()
    client = httpx.AsyncClient(transport=transport)
    instrument_httpx(client)
    assert client._transport is transport


@pytest.mark.parametrize("kind", [DirectTransport, CallTransport])
def test_errors_are_classes_of_the_fork_where_the_client_is(kind: Any) -> None:
    class Service:
        def __init__(self, base_url: str) -> None:
            self.client = httpx2.AsyncClient(base_url=base_url, transport=kind())

        async def get(self) -> object:
            return (await self.client.get("/")).json()

        async def aclose(self) -> None:
            await self.client.aclose()

    runner = DirectRunner() if kind is DirectTransport else None
    with RawServer(saying(OK)) as server:
        face = SyncServiceWrapper(Service(server.base_url), runner=runner)
        assert face.get() == {}
        face.aclose()
    face = SyncServiceWrapper(Service(server.base_url), runner=runner)
    with pytest.raises(httpx2.ConnectError) as caught:
        face.get()
    assert isinstance(caught.value, ConnectionError)
    assert not isinstance(caught.value, httpx.ConnectError)
    face.aclose()


def test_the_span_of_a_mocked_response_ends_at_once(spans: Spans) -> None:
    inner = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    with instrument_httpx(httpx.Client(transport=inner)) as client:
        kept = client.get("http://wats.example/")
        assert len(spans.finished) == 1
        assert kept.json() == {}
