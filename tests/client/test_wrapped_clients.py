"""Wrapped objects that use a client of WATS themselves: calls inside calls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, RetryConfig, SyncConfig, SyncServiceWrapper, pyWATS
from pywats.errors import StopReason, WATSError, WATSTimeoutError
from pywats.sandbox import Fault, Sandbox
from pywats.sync import DirectRunner
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pywats.models import Product

RETRIES = RetryConfig(max_retries=2, max_backoff=0.01)
TICKETS = ["00000000-0000-0000-0000-000000000001"]


@pytest.fixture
def part(api: pyWATS) -> str:
    return api.product.create_product("A").part_number


class Station:
    """Polls in the background, in a task that a call has started."""

    def __init__(self, sandbox: Sandbox, sync: pyWATS) -> None:
        self._api = AsyncWATS(sandbox.base_url, sandbox.token)
        self._sync = sync
        self._polling: asyncio.Task[list[str]]
        self._going_on = asyncio.Event()

    async def start(self) -> None:
        self._polling = asyncio.create_task(self._poll())

    async def go_on(self) -> None:
        self._going_on.set()

    async def _poll(self) -> list[str]:
        await self._going_on.wait()
        revision = await self._api.product.get_product("A")
        again = await asyncio.to_thread(self._sync.product.get_product, "A")
        return [revision.part_number, again.part_number]

    async def outcome(self) -> list[str]:
        return await self._polling

    async def close(self) -> None:
        await self._api.close()


def test_what_a_call_has_started_is_not_limited_by_it_once_it_is_over(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str, skipped_time: SkippedTime
) -> None:
    station = Station(sandbox, connect())
    patient = SyncServiceWrapper(station, SyncConfig(timeout=10 * LIMIT))
    SyncServiceWrapper(station, SyncConfig(timeout=LIMIT)).start()
    skipped_time.skip()
    patient.go_on()
    try:
        assert patient.outcome() == [part, part]
    finally:
        patient.close()


class Archive:
    """Sends what must not be sent twice, with either client."""

    def __init__(self, asynchronous: AsyncWATS, sync: pyWATS) -> None:
        self._async = asynchronous
        self._sync = sync

    async def by_async(self) -> None:
        await self._async.rootcause.archive_tickets(TICKETS)

    async def by_sync(self) -> None:
        await asyncio.to_thread(self._sync.rootcause.archive_tickets, TICKETS)

    async def close(self) -> None:
        await self._async.close()


@pytest.mark.parametrize("method", ["by_async", "by_sync"])
def test_a_post_in_doubt_is_not_repeated_by_the_call_around_it(
    sandbox: Sandbox, connect: Callable[..., pyWATS], method: str
) -> None:
    sandbox.inject("*", "*", Fault.reset())
    config = SyncConfig(timeout=LIMIT, retry_enabled=True, retry=RETRIES)
    archive = Archive(AsyncWATS(sandbox.base_url, sandbox.token), connect())
    wrapped = SyncServiceWrapper(archive, config)
    try:
        with pytest.raises(WATSError) as caught:
            getattr(wrapped, method)()
    finally:
        wrapped.close()
    assert caught.value.stop_reason is StopReason.UNSAFE_TO_REPEAT
    assert caught.value.may_have_been_executed
    assert len(sandbox.requests) == 1


async def at_once(function: Callable[[str], Product], argument: str) -> Product:
    return function(argument)


@pytest.mark.parametrize(
    ("runner", "read"),
    [(DirectRunner(), at_once), (None, asyncio.to_thread)],
    ids=["direct", "portal"],
)
def test_an_attempt_whose_time_is_over_in_a_call_inside_is_followed_by_another(
    sandbox: Sandbox,
    connect: Callable[..., pyWATS],
    part: str,
    skipped_time: SkippedTime,
    runner: DirectRunner | None,
    read: Callable[..., Awaitable[Product]],
) -> None:
    api = connect()

    class Reader:
        async def read(self) -> str:
            return (await read(api.product.get_product, part)).part_number

    sandbox.clear()
    sandbox.inject("GET", "*", Fault.hang(), times=1)
    skipped_time.skip_at_requests(sandbox, 1)
    config = SyncConfig(timeout=LIMIT, retry_enabled=True, retry=RETRIES)
    # The thread of a call inside goes on when its task is cancelled.
    reader = SyncServiceWrapper(Reader(), config, runner=runner, repeatable={"read"})
    assert reader.read() == part
    assert len(sandbox.requests) == 2


def test_a_deadline_around_a_call_inside_ends_both(
    sandbox: Sandbox, connect: Callable[..., pyWATS], skipped_time: SkippedTime
) -> None:
    api = connect()

    class Reader:
        async def read(self) -> None:
            api.product.get_product("A")

    sandbox.inject("GET", "*", Fault.hang())
    skipped_time.skip_at_requests(sandbox, 1)
    config = SyncConfig(deadline=LIMIT, retry_enabled=True, retry=RETRIES)
    with pytest.raises(WATSTimeoutError) as caught:
        SyncServiceWrapper(Reader(), config, runner=DirectRunner()).read()
    assert caught.value.stop_reason is StopReason.DEADLINE
    assert len(sandbox.requests) == 1
