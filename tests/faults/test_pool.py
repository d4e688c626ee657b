"""The pool: places are neither lost nor lent twice, and connections serve as long as they can."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats.errors import WATSClosedError, WATSTimeoutError
from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint, Request
from pywats.http.transport import PoolTransport
from pywats.sandbox import Fault
from tests.faults.calls import limited, send
from tests.http.faces import GET, POST

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.http.link import Link
    from pywats.http.pool import Lease
    from pywats.sandbox import Sandbox

SIZE = 4
CALLS = 1000
LAST = Request(method="GET", template="/api/Last")


def settings(size: int = SIZE, keep: int = SIZE, expiry: float = 30.0) -> ConnectionSettings:
    limits = httpx.Limits(
        max_connections=size, max_keepalive_connections=keep, keepalive_expiry=expiry
    )
    return ConnectionSettings(limits=limits)


def endpoint(sandbox: Sandbox) -> Endpoint:
    return Endpoint(sandbox.base_url, f"Basic {sandbox.token}")


def arrived_last(sandbox: Sandbox) -> int:
    """Return how many of the last requests have come; those before may still be coming."""
    return sum(request.path == "/api/Last" for request in sandbox.requests)


def await_true(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def impatience() -> list[float]:
    """Return limits that run out everywhere: in the queue, on connecting, on reading."""
    draw = random.Random(1)  # noqa: S311 - not cryptography
    return [draw.uniform(0.0005, 0.01) for _ in range(CALLS)]


def test_a_thousand_timeouts_over_eight_threads_leave_the_pool_whole(sandbox: Sandbox) -> None:
    def give_up(seconds: float) -> None:
        with limited(seconds), pytest.raises(WATSTimeoutError):
            send(port, GET)

    sandbox.inject("*", "*", Fault.hang())
    port = BlockingPort(endpoint(sandbox), settings(), timeout=20)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(give_up, impatience()))
        last = [threads.submit(send, port, LAST) for _ in range(SIZE + 1)]
        # The pool is as large as it was, and no larger.
        await_true(lambda: arrived_last(sandbox) == sandbox.connections_open == SIZE)
        time.sleep(0.05)
        assert arrived_last(sandbox) == sandbox.connections_open == SIZE
        port.close()
        for each in last:
            assert isinstance(each.exception(), WATSClosedError)


async def test_a_thousand_timeouts_and_cancellations_leave_the_pool_whole(
    sandbox: Sandbox,
) -> None:
    async def give_up(seconds: float, *, cancel: bool) -> None:
        async with limit:
            if cancel:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(port.send(GET), seconds)
            else:
                with limited(seconds), pytest.raises(WATSTimeoutError):
                    await port.send(GET)

    sandbox.inject("*", "*", Fault.hang())
    limit = asyncio.Semaphore(8)
    port = AsyncPort(endpoint(sandbox), settings(), timeout=20)
    await asyncio.gather(
        *(give_up(seconds, cancel=i % 2 == 0) for i, seconds in enumerate(impatience()))
    )
    last = [asyncio.create_task(port.send(LAST)) for _ in range(SIZE + 1)]
    await asyncio.to_thread(
        await_true, lambda: arrived_last(sandbox) == sandbox.connections_open == SIZE
    )
    await asyncio.sleep(0.05)
    assert arrived_last(sandbox) == sandbox.connections_open == SIZE
    await port.close()
    for outcome in await asyncio.gather(*last, return_exceptions=True):
        assert isinstance(outcome, WATSClosedError)


def test_a_connection_serves_one_request_after_another(sandbox: Sandbox) -> None:
    port = BlockingPort(endpoint(sandbox), settings())
    for _ in range(3):
        with pytest.raises(LookupError):
            send(port, GET)
    port.close()
    assert sandbox.connections_opened == 1


def test_no_more_idle_connections_are_kept_than_configured(sandbox: Sandbox) -> None:
    sandbox.inject("*", "*", Fault.delay(0.1))
    port = BlockingPort(endpoint(sandbox), settings(keep=2))
    with ThreadPoolExecutor(SIZE) as threads:
        for each in [threads.submit(send, port, GET) for _ in range(SIZE)]:
            assert isinstance(each.exception(), LookupError)
    await_true(lambda: sandbox.connections_open == 2)
    port.close()
    await_true(lambda: sandbox.connections_open == 0)


def test_idle_connections_expire(sandbox: Sandbox) -> None:
    sandbox.inject("*", "*", Fault.delay(0.05), times=2)
    port = BlockingPort(endpoint(sandbox), settings(expiry=0.1))
    with ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(send, port, GET) for _ in range(2)]:
            assert isinstance(each.exception(), LookupError)
    time.sleep(0.11)
    with pytest.raises(LookupError):
        send(port, GET)
    # The one that is used next is seen to be too old, and so is the one below it.
    await_true(lambda: sandbox.connections_open == 1)
    assert sandbox.connections_opened == 3
    port.close()


def test_an_answer_with_more_to_come_costs_the_connection(sandbox: Sandbox) -> None:
    sandbox.inject("*", "*", Fault.status(500, body=b"x" * 100_000), times=1)
    port = BlockingPort(endpoint(sandbox), settings())
    for _ in range(2):
        with pytest.raises(Exception, match="500|404"):
            send(port, GET)
    port.close()
    assert sandbox.connections_opened == 2


def test_a_client_that_nobody_closes_leaves_no_connection(sandbox: Sandbox) -> None:
    port = BlockingPort(endpoint(sandbox), settings())
    with pytest.raises(LookupError):
        send(port, GET)
    assert sandbox.connections_open == 1
    del port
    gc.collect()
    await_true(lambda: sandbox.connections_open == 0)


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
        await_true(lambda: sandbox.connections_open == 0)


def test_an_interruption_at_the_end_gives_all_back(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: PoolTransport, __: Lease[Link], *, fit: bool) -> None:  # noqa: ARG001 - the form of release
        monkeypatch.setattr(PoolTransport, "release", release)
        raise KeyboardInterrupt

    release = PoolTransport.release
    port = BlockingPort(endpoint(sandbox), settings(size=1), timeout=1)
    monkeypatch.setattr(PoolTransport, "release", interrupt)
    with pytest.raises(KeyboardInterrupt):
        send(port, GET)
    await_true(lambda: sandbox.connections_open == 0)
    with pytest.raises(LookupError):
        send(port, GET)
    port.close()


@pytest.mark.parametrize("request_", [GET, POST])
def test_closing_the_client_ends_what_is_under_way(sandbox: Sandbox, request_: object) -> None:
    sandbox.inject("*", "*", Fault.hang())
    port = BlockingPort(endpoint(sandbox), settings(), timeout=20)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(send, port, request_)  # type: ignore[arg-type]  # pytest knows no better
        sandbox.wait_for_requests(1)
        started = time.monotonic()
        port.close()
        error = call.exception()
        assert time.monotonic() - started < 1
    assert isinstance(error, WATSClosedError)
    assert error.may_have_been_executed is (request_ is POST)
