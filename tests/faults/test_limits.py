"""A limit is one of wall time: at most 0.25 s over, whatever the other end does."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import trustme

from pywats import RetryConfig
from pywats.errors import CallTimeoutError, NotFoundError, RateLimitError, StopReason
from pywats.http import (
    AsyncPort,
    BlockingPort,
    ConnectionSettings,
    Endpoint,
    Request,
    Response,
)
from pywats.sandbox import Fault, Sandbox
from tests.faults.calls import limited, send
from tests.faults.faces import (
    asynchronous,
    blocking,
    certificates,
    each_face,
    over_call,
    over_direct,
)
from tests.faults.network import black_hole, resolver
from tests.faults.proxy import FaultProxy, Slicer
from tests.faults.timing import LIMIT, atimes_out, fails_in_time, times_out
from tests.http import faces as http_faces
from tests.http.faces import GET, POST
from tests.http.raw_server import RawServer, saying

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def limited_by_timeout(base_url: str, **settings: Any) -> object:
    return blocking(base_url, timeout=LIMIT, **settings)


def limited_by_deadline(base_url: str, **settings: Any) -> object:
    return blocking(base_url, timeout=None, deadline=LIMIT, **settings)


def limited_in_a_loop(base_url: str, **settings: Any) -> object:
    return asynchronous(base_url, timeout=LIMIT, **settings)


def own_over_direct(base_url: str, **settings: Any) -> object:
    settings.setdefault("verify_ssl", certificates())
    return over_direct(base_url, timeout=LIMIT, **settings)


def own_over_call(base_url: str, **settings: Any) -> object:
    settings.setdefault("verify_ssl", certificates())
    return over_call(base_url, timeout=LIMIT, **settings)


Limited = Callable[..., object]
BOTH = [limited_by_timeout, limited_by_deadline, limited_in_a_loop]
each_client = pytest.mark.parametrize("call", BOTH)
# What is behind a CallTransport looks names up for itself.
each_resolving = pytest.mark.parametrize("call", [*BOTH, own_over_direct])
each_limit = pytest.mark.parametrize("call", [*BOTH, own_over_direct, own_over_call])


def scope_of(call: Limited) -> str:
    return "deadline" if call is limited_by_deadline else "attempt"


@each_limit
def test_a_host_that_swallows_packets(call: Limited) -> None:
    with black_hole() as port:
        error = times_out(lambda: call(f"http://127.0.0.1:{port}"), phase="connect")
    assert (error.phase, error.scope) == ("connect", scope_of(call))
    assert not error.may_have_been_executed


@each_limit
def test_a_host_of_many_addresses_that_swallow_packets(
    call: Limited, monkeypatch: pytest.MonkeyPatch
) -> None:
    with black_hole() as port:
        monkeypatch.setattr(socket, "getaddrinfo", resolver(lambda: ["127.0.0.1"] * 3))
        error = times_out(lambda: call(f"http://wats.test:{port}"), phase="connect")
    assert error.phase == "connect"


@each_resolving
def test_a_resolver_that_never_responds(call: Limited, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang() -> list[str]:
        lookups.append(threading.current_thread())
        responded.wait(120)
        return []

    lookups: list[threading.Thread] = []
    responded = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", resolver(hang))
    error = times_out(lambda: call("http://silent.test"))
    before = threading.active_count()
    with pytest.raises(CallTimeoutError):
        call("http://silent.test")
    # One look-up serves all that wait for it: threads do not pile up.
    assert len(lookups) == 1
    assert threading.active_count() == before
    responded.set()
    lookups[0].join(120)
    assert error.phase == "connect"


@each_limit
def test_a_tls_handshake_that_is_never_answered(call: Limited) -> None:
    # Made here: the certificates of the machine take a while to load, when the client is made.
    trusting = ssl.create_default_context()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"https://127.0.0.1:{listener.getsockname()[1]}"
        error = times_out(lambda: call(address, verify_ssl=trusting), phase="connect")
    assert error.phase == "connect"
    assert not error.may_have_been_executed


@each_limit
def test_a_tls_handshake_that_drips(call: Limited) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with (
        RawServer(saying(OK + b"Content-Length: 2\r\n\r\n{}"), tls=context) as server,
        FaultProxy(("127.0.0.1", server.port)) as proxy,
    ):
        proxy.add(Slicer(1, delay=0.02))
        address = f"https://127.0.0.1:{proxy.port}"
        error = times_out(lambda: call(address, verify_ssl=trusting), phase="connect")
    assert error.phase == "connect"
    assert server.heads == []


@each_limit
@pytest.mark.parametrize(
    "fault", [Fault.hang(), Fault.drip(0.02), Fault.drip(0.02, head=False)], ids=lambda f: f.kind
)
def test_no_response_or_a_slow_one(call: Limited, fault: Fault) -> None:
    with Sandbox() as sandbox:
        blocking(sandbox.base_url, "create_product", "A")
        sandbox.inject("*", "*", fault)
        error = times_out(lambda: call(sandbox.base_url), phase="read")
    assert (error.phase, error.scope) == ("read", scope_of(call))
    which = "timeout of this attempt" if error.scope == "attempt" else "deadline of this call"
    assert f": no complete response within the {LIMIT} s {which} (reading)" in str(error)


@each_client
def test_an_error_page_that_drips_is_told_by_its_status_in_time(call: Limited) -> None:
    with Sandbox() as sandbox:
        sandbox.inject("*", "*", Fault.drip(0.02, head=False))
        error = fails_in_time(lambda: call(sandbox.base_url), NotFoundError)
    assert error.excerpt.startswith('{"')


@each_limit
def test_an_endless_series_of_interim_responses(call: Limited) -> None:
    def promise(connection: socket.socket, _: bytes) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
            time.sleep(0.01)

    with RawServer(promise) as server:
        error = times_out(lambda: call(server.base_url), phase="read")
    assert error.phase == "read"


UPLOAD = Request(method="POST", template="/api/Report/WSJF", content=b"x" * 30_000_000)


@pytest.mark.parametrize("send", http_faces.FACES)
@pytest.mark.parametrize("pace", [0, 2_000_000])
def test_an_upload_that_is_not_read_or_slowly(send: Callable[..., Response], pace: int) -> None:
    def read(connection: socket.socket, _: bytes) -> None:
        while not ended.wait(0.02):
            if pace:
                connection.recv(pace // 50)

    ended = threading.Event()
    with RawServer(read, read_body=False) as server:
        error = times_out(lambda: send(server.base_url, UPLOAD, LIMIT), phase="write")
        ended.set()
    assert error.phase == "write"
    assert error.may_have_been_executed


ALL_IN_USE = ConnectionSettings(limits=httpx.Limits(max_connections=1))


@pytest.fixture
def holding() -> Iterator[tuple[RawServer, threading.Event]]:
    """Run a server that answers once the event is set."""

    def hold(connection: socket.socket, _: bytes) -> None:
        released.wait(120)
        connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")

    released = threading.Event()
    with RawServer(hold) as server:
        yield server, released
        released.set()


def test_a_pool_whose_connections_are_all_in_use(
    holding: tuple[RawServer, threading.Event],
) -> None:
    def hold() -> Response:
        with limited(None):
            return send(port, GET)

    server, released = holding
    port = BlockingPort(Endpoint(server.base_url, "Basic eA=="), ALL_IN_USE, timeout=LIMIT)
    with ThreadPoolExecutor(1) as threads:
        holder = threads.submit(hold)
        server.wait_for_request()
        error = times_out(lambda: send(port, POST), phase="pool")
        released.set()
        assert holder.result().content == b"{}"
    port.close()
    assert error.phase == "pool"
    assert not error.may_have_been_executed


async def test_a_pool_whose_connections_are_all_in_use_in_a_loop(
    holding: tuple[RawServer, threading.Event],
) -> None:
    async def hold() -> Response:
        with limited(None):
            return await port.send(GET)

    server, released = holding
    port = AsyncPort(Endpoint(server.base_url, "Basic eA=="), ALL_IN_USE, timeout=LIMIT)
    holder = asyncio.create_task(hold())
    await asyncio.to_thread(server.wait_for_request)
    error = await atimes_out(lambda: port.send(POST))
    released.set()
    assert (await holder).content == b"{}"
    await port.close()
    assert error.phase == "pool"
    assert not error.may_have_been_executed


@each_face
def test_a_server_that_asks_to_wait_an_hour_is_not_waited_for(face: Callable[..., Any]) -> None:
    settings = {} if face is asynchronous else {"retry_config": RetryConfig(max_retries=3)}
    with Sandbox() as sandbox:
        sandbox.inject("*", "*", Fault.status(429, retry_after=3600))
        with pytest.raises(RateLimitError) as caught:
            face(sandbox.base_url, **settings)
        assert len(sandbox.requests) == 1
    assert caught.value.retry_after == 3600
    if face is blocking:
        assert caught.value.stop_reason is StopReason.RETRY_AFTER_TOO_LONG
