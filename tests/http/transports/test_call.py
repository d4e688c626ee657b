"""`CallTransport` in an event loop, without a wrapper around it."""

from __future__ import annotations

import asyncio
import errno
import gc
import socket
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import CallTransport
from pywats.errors import CallClosedError, CallTimeoutError
from tests.faults.proxy import FaultProxy, Slicer
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


def begin_a_body(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
    connection.recv(1)


def attempts(log_lines: list[str]) -> list[str]:
    return [line.split(": ")[1].split(" in ")[0] for line in log_lines if "pywats.http " in line]


async def test_a_closed_transport_refuses_before_it_sends() -> None:
    transport = CallTransport()
    async with httpx.AsyncClient(transport=transport) as client:
        with RawServer(saying(OK)) as server:
            await transport.aclose()
            await transport.aclose()
            with pytest.raises(httpx.TransportError, match="the transport is closed") as caught:
                await client.get(server.base_url)
    assert isinstance(caught.value, CallClosedError)
    assert server.heads == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_response_that_trickles_is_cut_off(method: str) -> None:
    with (
        RawServer(saying(OK)) as server,
        FaultProxy(("127.0.0.1", server.port)) as slow,
    ):
        slow.add(Slicer(1, delay=0.05))
        async with httpx.AsyncClient(transport=CallTransport(timeout=1.5)) as client:
            with pytest.raises(httpx.ReadTimeout) as caught:
                await client.request(method, f"{slow.base_url}/slow")
    error = caught.value
    assert isinstance(error, CallTimeoutError)
    assert str(error).startswith(
        f"{method} {slow.base_url}/slow: no complete response within the 1.5 s "
        "timeout of this attempt (reading)"
    )
    assert (error.limit, error.scope, error.phase) == (1.5, "attempt", "read")
    assert error.may_have_been_executed is (method == "POST")


async def test_a_body_that_is_left_early_is_not_a_failure(log_lines: list[str]) -> None:
    with RawServer(begin_a_body) as server:
        async with httpx.AsyncClient(transport=CallTransport()) as client:
            request = client.build_request("GET", server.base_url)
            response = await client.send(request, stream=True)
            stream = response.stream
            assert isinstance(stream, httpx.AsyncByteStream)
            pieces: Any = aiter(stream)
            assert await anext(pieces) == b"{}"
            await pieces.aclose()
            assert attempts(log_lines) == []
            await response.aclose()
    assert attempts(log_lines) == ["200"]


async def test_a_cancellation_in_the_midst_of_a_body_stays_one(log_lines: list[str]) -> None:
    with RawServer(begin_a_body) as server:
        async with (
            httpx.AsyncClient(transport=CallTransport()) as client,
            client.stream("GET", server.base_url) as response,
        ):
            reading = asyncio.create_task(response.aread())
            await asyncio.sleep(0.05)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
    assert attempts(log_lines) == ["200"]


async def test_a_trace_extension_of_the_request_goes_on_being_called() -> None:
    async def hear(event: str, _: object) -> None:
        heard.append(event)

    heard: list[str] = []
    with RawServer(saying(OK)) as server:
        async with httpx.AsyncClient(transport=CallTransport()) as client:
            await client.get(server.base_url, extensions={"trace": hear})
    assert heard[0] == "connection.connect_tcp.started"
    assert "http11.send_request_headers.started" in heard


async def test_a_limit_that_ran_out_between_two_reads_prevents_the_next() -> None:
    begun: list[int] = []

    class Body(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            begun.append(1)
            yield b"{}"

    def respond(_: httpx.Request) -> httpx.Response:
        # It holds the event loop up, so that nothing is cancelled meanwhile.
        time.sleep(0.2)
        return httpx.Response(200, stream=Body())

    transport = CallTransport(httpx.MockTransport(respond), timeout=0.1)
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(httpx.ReadTimeout, match="no complete response within the 0.1 s"):
            await client.get("http://127.0.0.1/")
    assert begun == []


@pytest.mark.parametrize("inside", [lambda: None, httpx.AsyncHTTPTransport])
async def test_the_reason_of_an_address_is_told_if_none_can_be_connected_to(
    monkeypatch: pytest.MonkeyPatch, inside: Callable[[], httpx.AsyncBaseTransport | None]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))
        for address in ("127.0.0.1", "127.0.0.2")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    async with httpx.AsyncClient(transport=CallTransport(inside())) as client:
        with pytest.raises(httpx.ConnectError, match="no connection") as caught:
            await client.get(f"http://wats:{port}/")
    assert f"([Errno {errno.ECONNREFUSED}] " in str(caught.value)


async def test_another_scheme_is_refused_and_names_it() -> None:
    async with httpx.AsyncClient(transport=CallTransport()) as client:
        with pytest.raises(httpx.UnsupportedProtocol, match="ftp"):
            await client.get("ftp://127.0.0.1/")


@pytest.mark.parametrize("over_tls", [False, True])
async def test_a_response_that_nobody_closes_gives_up_its_connection(
    log_lines: list[str],
    context: ssl.SSLContext,
    over_tls: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    def serve(connection: socket.socket, head: bytes) -> None:
        saying(OK)(connection, head) if b"/next" in head else begin_a_body(connection, head)

    transport = CallTransport(verify_ssl=False, limits=httpx.Limits(max_connections=1))
    with RawServer(serve, tls=context if over_tls else None) as server:
        async with httpx.AsyncClient(transport=transport) as client:
            request = client.build_request("GET", server.base_url)
            response = await client.send(request, stream=True)
            del response
            gc.collect()
            assert attempts(log_lines) == ["200"]
            assert (await client.get(f"{server.base_url}/next")).json() == {}
    assert len(server.heads) == 2


async def test_a_response_may_be_closed_twice(log_lines: list[str]) -> None:
    with RawServer(saying(OK)) as server:
        async with httpx.AsyncClient(transport=CallTransport()) as client:
            response = await client.get(server.base_url)
            body: Any = response.stream
            await body.aclose()
            body.end()
    assert attempts(log_lines) == ["200"]


async def test_the_stream_of_a_response_tells_its_addresses() -> None:
    with RawServer(begin_a_body) as server:
        async with (
            httpx.AsyncClient(transport=CallTransport()) as client,
            client.stream("GET", server.base_url) as response,
        ):
            network = response.extensions["network_stream"]
            sock = network.get_extra_info("socket")
            assert network.get_extra_info("server_addr") == ("127.0.0.1", server.port)
            assert network.get_extra_info("client_addr") == sock.getsockname()
            assert network.get_extra_info("ssl_object") is None
            assert network.get_extra_info("something else") is None


@pytest.mark.parametrize("given", [{"verify_ssl": False}, {"limits": httpx.Limits()}])
def test_settings_of_connections_are_not_for_a_transport_that_is_passed(given: Any) -> None:
    with pytest.raises(ValueError, match="give them to the transport that you pass"):
        CallTransport(httpx.AsyncHTTPTransport(), **given)


async def test_a_trace_extension_is_called_by_a_transport_that_is_passed_too() -> None:
    told: list[str] = []

    async def trace(event: str, _: object) -> None:
        told.append(event)

    with RawServer(saying(OK)) as server:
        inside = httpx.AsyncHTTPTransport()
        async with httpx.AsyncClient(transport=CallTransport(inside)) as client:
            await client.get(server.base_url, extensions={"trace": trace})
    assert "http11.send_request_headers.started" in told


@pytest.mark.parametrize("phase", ["connect", "read", "pool"])
async def test_the_timeouts_of_the_httpx_client_limit_single_operations(phase: str) -> None:
    timeout = httpx.Timeout(60, **{phase: 0.05})
    limits = httpx.Limits(max_connections=1)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        # A backlog of 0 holds one connection; the next one is not answered.
        with socket.create_connection(address), RawServer(begin_a_body) as server:
            host = f"http://127.0.0.1:{address[1] if phase == 'connect' else server.port}"
            transport = CallTransport(limits=limits)
            async with (
                httpx.AsyncClient(transport=transport, timeout=timeout) as client,
                AsyncExitStack() as held,
            ):
                if phase == "pool":
                    await held.enter_async_context(client.stream("GET", host))
                with pytest.raises(httpx.TimeoutException) as caught:
                    await client.get(host)
    assert isinstance(caught.value, CallTimeoutError)
    assert "the 0.05 s timeout of the httpx client" in str(caught.value)
    assert caught.value.phase == phase
