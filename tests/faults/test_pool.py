"""The pool: places are neither lost nor lent twice, and connections serve as long as they can."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats import CallTransport, DirectTransport
from pywats.errors import (
    CallClosedError,
    CallTimeoutError,
    WATSClosedError,
    WATSTimeoutError,
)
from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint, Request
from pywats.http.network.transport import PoolTransport
from pywats.sandbox import Fault
from tests.faults.calls import limited, send
from tests.faults.programs.clients import CLIENTS, Client
from tests.http.faces import GET, POST
from tests.http.raw_server import RawServer, response
from tests.skipped_time import LIMIT, SkippedTime
from tests.waiting import eventually

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Coroutine

    from pywats.http.network.connection import Link
    from pywats.http.network.pool import Lease
    from pywats.sandbox import Sandbox

SIZE = 4
CALLS = 1000
OK = response(b'{"partNumber":"A"}')
LAST = Request(method="GET", template="/api/Last")


def pool_of(size: int = SIZE, keep: int = SIZE, expiry: float = 30.0) -> httpx.Limits:
    return httpx.Limits(
        max_connections=size, max_keepalive_connections=keep, keepalive_expiry=expiry
    )


def settings(size: int = SIZE) -> ConnectionSettings:
    return ConnectionSettings(limits=pool_of(size))


class Pooled:
    """A client that gets the same product again and again.

    Args:
        kind: Which of the `CLIENTS`.
        base_url: Address of the server.
        limits: Size of its pool.
    """

    def __init__(self, kind: str, base_url: str, limits: httpx.Limits) -> None:
        self.get: Callable[[], object]
        self.close: Callable[[], object]
        if kind == "wats":
            made = ConnectionSettings(limits=limits)
            port = BlockingPort(Endpoint(base_url, "Basic eA=="), made, timeout=60)
            self.get, self.close = (lambda: send(port, GET)), port.close
        else:
            client = Client(kind, base_url, timeout=60, limits=limits)
            self.get, self.close = (lambda: client.product.get_product("A")), client.close


each_client = pytest.mark.parametrize("client", CLIENTS)
# Ctrl-C in an event loop cancels a task, whose clean-up is not interrupted.
each_blocking_pool = pytest.mark.parametrize("client", ["wats", "direct"])


def endpoint(sandbox: Sandbox) -> Endpoint:
    return Endpoint(sandbox.base_url, f"Basic {sandbox.token}")


def arrived_last(sandbox: Sandbox) -> int:
    """Return how many of the last requests have come; those before may still be coming."""
    return sum(request.path == "/api/Last" for request in sandbox.requests)


def impatience() -> list[float]:
    """Return limits that run out everywhere: in the queue, on connecting, on reading."""
    draw = random.Random(1)  # noqa: S311 - not cryptography
    return [draw.uniform(0.0005, 0.01) for _ in range(CALLS)]


def leaves_the_pool_whole(
    sandbox: Sandbox,
    give_up: Callable[[float], None],
    send_last: Callable[[], object],
    close: Callable[[], None],
) -> list[BaseException | None]:
    """Give up a thousand times over eight threads, and see how many requests go out at a time.

    Args:
        sandbox: The server, which answers nothing.
        give_up: Sends a request with a limit of so many seconds, and expects that it runs out.
        send_last: Sends a request to a path that ends in ``Last``.
        close: Closes the client.

    Returns:
        What became of the last requests when the client was closed.
    """
    sandbox.inject("*", "*", Fault.hang())
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(give_up, impatience()))
        last = [threads.submit(send_last) for _ in range(SIZE + 1)]
        # The pool is as large as it was, and no larger.
        eventually(lambda: arrived_last(sandbox) == sandbox.connections_open == SIZE)
        time.sleep(0.05)
        assert arrived_last(sandbox) == sandbox.connections_open == SIZE
        close()
        return [each.exception() for each in last]


def test_a_thousand_timeouts_over_eight_threads_leave_the_pool_whole(sandbox: Sandbox) -> None:
    def give_up(seconds: float) -> None:
        with limited(seconds), pytest.raises(WATSTimeoutError):
            send(port, GET)

    port = BlockingPort(endpoint(sandbox), settings(), timeout=60)
    for error in leaves_the_pool_whole(sandbox, give_up, lambda: send(port, LAST), port.close):
        assert isinstance(error, WATSClosedError)


# The pool of httpx can lose a place when it is cancelled: issue 1093 of httpcore.
def test_a_thousand_timeouts_leave_the_pool_of_a_direct_transport_whole(sandbox: Sandbox) -> None:
    def give_up(seconds: float) -> None:
        with limited(seconds), pytest.raises(CallTimeoutError):
            client.get("/api/Product/A")

    transport = DirectTransport(limits=settings().limits)
    client = httpx.Client(base_url=sandbox.base_url, transport=transport, timeout=60)
    outcomes = leaves_the_pool_whole(
        sandbox, give_up, lambda: client.get("/api/Last"), transport.close
    )
    for error in outcomes:
        assert isinstance(error, CallClosedError)
        assert isinstance(error, httpx.TransportError)
    client.close()


async def leaves_the_pool_whole_in_a_loop(
    sandbox: Sandbox,
    send: Callable[[], Awaitable[object]],
    send_last: Callable[[], Coroutine[None, None, object]],
    close: Callable[[], Awaitable[None]],
    timeout: type[Exception],
) -> list[object]:
    """Give up a thousand requests, use the whole pool, and return what came of the last requests.

    Args:
        sandbox: The server.
        send: Sends a request.
        send_last: Sends one of the last requests.
        close: Closes the pool.
        timeout: The error of a request whose time ran out.
    """

    async def give_up(seconds: float, *, cancel: bool) -> None:
        async with limit:
            if cancel:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(send(), seconds)
            else:
                with limited(seconds), pytest.raises(timeout):
                    await send()

    sandbox.inject("*", "*", Fault.hang())
    limit = asyncio.Semaphore(8)
    await asyncio.gather(
        *(give_up(seconds, cancel=i % 2 == 0) for i, seconds in enumerate(impatience()))
    )
    last = [asyncio.create_task(send_last()) for _ in range(SIZE + 1)]
    await asyncio.to_thread(
        eventually, lambda: arrived_last(sandbox) == sandbox.connections_open == SIZE
    )
    await asyncio.sleep(0.05)
    assert arrived_last(sandbox) == sandbox.connections_open == SIZE
    await close()
    return list(await asyncio.gather(*last, return_exceptions=True))


async def test_a_thousand_timeouts_and_cancellations_leave_the_pool_whole(
    sandbox: Sandbox,
) -> None:
    port = AsyncPort(endpoint(sandbox), settings(), timeout=60)
    for outcome in await leaves_the_pool_whole_in_a_loop(
        sandbox, lambda: port.send(GET), lambda: port.send(LAST), port.close, WATSTimeoutError
    ):
        assert isinstance(outcome, WATSClosedError)


async def test_so_do_they_leave_the_pool_of_a_call_transport(sandbox: Sandbox) -> None:
    transport = CallTransport(limits=settings().limits)
    async with httpx.AsyncClient(
        base_url=sandbox.base_url, transport=transport, timeout=60
    ) as client:
        for outcome in await leaves_the_pool_whole_in_a_loop(
            sandbox,
            lambda: client.get("/api/Product/A"),
            lambda: client.get("/api/Last"),
            transport.aclose,
            CallTimeoutError,
        ):
            assert isinstance(outcome, CallClosedError)


class Together:
    """Answers when so many connections are open, and then each request at once.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self.opened: list[socket.socket] = []
        self.closed: list[socket.socket] = []

    def __call__(self, connection: socket.socket, _: bytes) -> None:
        self.opened.append(connection)
        eventually(lambda: len(self.opened) >= self._count)
        connection.sendall(OK)
        while connection.recv(65536):
            connection.sendall(OK)
        self.closed.append(connection)


@each_client
def test_a_connection_serves_one_request_after_another(client: str) -> None:
    together = Together(1)
    with RawServer(together) as server:
        pooled = Pooled(client, server.base_url, pool_of())
        for _ in range(3):
            pooled.get()
        pooled.close()
    assert len(together.opened) == 1


@each_client
def test_no_more_idle_connections_are_kept_than_configured(client: str) -> None:
    together = Together(SIZE)
    with RawServer(together) as server, ThreadPoolExecutor(SIZE) as threads:
        pooled = Pooled(client, server.base_url, pool_of(keep=2))
        for each in [threads.submit(pooled.get) for _ in range(SIZE)]:
            each.result()
        eventually(lambda: len(together.closed) == SIZE - 2)
        pooled.close()
        eventually(lambda: len(together.closed) == SIZE)


@each_client
def test_idle_connections_expire(client: str, skipped_time: SkippedTime) -> None:
    together = Together(2)
    with RawServer(together) as server, ThreadPoolExecutor(2) as threads:
        pooled = Pooled(client, server.base_url, pool_of(expiry=LIMIT))
        for each in [threads.submit(pooled.get) for _ in range(2)]:
            each.result()
        skipped_time.skip()
        pooled.get()
        # The one that is used next is seen to be too old, and so is the one below it.
        eventually(lambda: len(together.closed) == 2)
        assert len(together.opened) == 3
        pooled.close()


@pytest.mark.parametrize("client", ["direct", "call"])
def test_a_response_that_is_not_read_to_its_end_costs_the_connection(client: str) -> None:
    def more_to_come(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response(b"x" * 100)[:-50])
        connection.recv(1)

    with RawServer(more_to_come) as server:
        made = Client(client, server.base_url, limits=pool_of(1))
        assert [made.product.first_bytes(10) for _ in range(2)] == [50, 50]
        made.close()
    assert server.connections == 2


def test_a_response_with_more_to_come_costs_the_connection(sandbox: Sandbox) -> None:
    sandbox.inject("*", "*", Fault.status(500, body=b"x" * 100_000), times=1)
    port = BlockingPort(endpoint(sandbox), settings())
    for _ in range(2):
        with pytest.raises(Exception, match="500|404"):
            send(port, GET)
    port.close()
    assert sandbox.connections_opened == 2


@each_client
def test_a_client_that_nobody_closes_leaves_no_connection(client: str) -> None:
    together = Together(1)
    with RawServer(together) as server:
        pooled = Pooled(client, server.base_url, pool_of())
        pooled.get()
        assert together.closed == []
        del pooled
        gc.collect()
        eventually(lambda: len(together.closed) == 1)


def test_a_client_that_nobody_closes_leaves_no_connection_with_its_loop(
    sandbox: Sandbox,
) -> None:
    async def main(count: int) -> None:
        with pytest.raises(LookupError):
            await port.send(GET)
        assert sandbox.connections_opened == count

    port = AsyncPort(endpoint(sandbox), settings())
    for count in (1, 2):
        asyncio.run(main(count))
        eventually(lambda: sandbox.connections_open == 0)


@each_blocking_pool
def test_an_interruption_at_the_end_gives_all_back(
    client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: PoolTransport, __: Lease[Link], *, fit: bool) -> None:  # noqa: ARG001 - the form of release
        monkeypatch.setattr(PoolTransport, "release", release)
        raise KeyboardInterrupt

    release = PoolTransport.release
    together = Together(1)
    with RawServer(together) as server:
        pooled = Pooled(client, server.base_url, pool_of(1))
        monkeypatch.setattr(PoolTransport, "release", interrupt)
        with pytest.raises(KeyboardInterrupt):
            pooled.get()
        eventually(lambda: len(together.closed) == 1)
        pooled.get()
        pooled.close()


@pytest.mark.parametrize("method", ["get_product", "add_product_group_filter"])
@pytest.mark.parametrize("client", ["direct", "call"])
def test_closing_the_transport_ends_what_is_under_way(client: str, method: str) -> None:
    arguments = {"get_product": ("A",), "add_product_group_filter": ("G", "A")}[method]
    with RawServer(lambda connection, _: connection.recv(1)) as server:
        made = Client(client, server.base_url, timeout=60)
        with ThreadPoolExecutor(1) as threads:
            call = threads.submit(getattr(made.product, method), *arguments)
            server.wait_for_request()
            made.close()
            error = call.exception(LIMIT / 2)
    assert isinstance(error, CallClosedError)
    assert isinstance(error, httpx.TransportError)
    assert error.may_have_been_executed is (method != "get_product")


@pytest.mark.parametrize("client", ["direct", "call"])
def test_closing_the_transport_ends_a_response_that_is_being_read(client: str) -> None:
    def half(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response(b"x" * 100)[:-50])
        half_sent.set()
        connection.recv(1)

    half_sent = threading.Event()
    with RawServer(half) as server:
        made = Client(client, server.base_url, timeout=60)
        with ThreadPoolExecutor(1) as threads:
            call = threads.submit(made.product.first_bytes, 100)
            assert half_sent.wait(LIMIT)
            made.close()
            error = call.exception(LIMIT / 2)
    assert isinstance(error, CallClosedError)


@pytest.mark.parametrize("request_", [GET, POST])
def test_closing_the_client_ends_what_is_under_way(sandbox: Sandbox, request_: object) -> None:
    sandbox.inject("*", "*", Fault.hang())
    port = BlockingPort(endpoint(sandbox), settings(), timeout=60)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(send, port, request_)  # type: ignore[arg-type]  # pytest knows no better
        sandbox.wait_for_requests(1, timeout=120)
        port.close()
        error = call.exception(LIMIT / 2)
    assert isinstance(error, WATSClosedError)
    assert error.may_have_been_executed is (request_ is POST)
