"""What a method of a wrapped object held is free when its call is over, however it ended."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from pywats import CircuitBreakerConfig, RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import DirectRunner, PortalRunner
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


class Held:
    """Stands for a body that a method has in a variable."""


class Service:
    """Ends its methods in all ways, each with something in a variable."""

    def __init__(self) -> None:
        self.seen: list[weakref.ref[Held]] = []

    def hold(self) -> Held:
        held = Held()
        self.seen.append(weakref.ref(held))
        return held

    async def returns(self) -> int:
        held = self.hold()
        return id(held)

    async def raises(self) -> None:
        held = self.hold()
        raise ConnectionError(id(held))

    async def raises_what_is_not_retried(self) -> None:
        held = self.hold()
        raise ValueError(id(held))

    async def raises_from_another(self) -> None:
        held = self.hold()
        try:
            await self.raises()
        except ConnectionError as error:
            raise KeyError(id(held)) from error

    async def raises_a_group(self) -> None:
        held = self.hold()
        raise ExceptionGroup(str(id(held)), [ConnectionError(), ConnectionError()])

    async def exits(self) -> None:
        held = self.hold()
        raise SystemExit(id(held))

    async def is_cancelled(self) -> None:
        held = self.hold()
        raise asyncio.CancelledError(id(held))

    async def outlasts_its_own_limit(self) -> None:
        held = self.hold()
        async with asyncio.timeout(0.001):
            await asyncio.sleep(60 + bool(held))

    async def outlasts_a_limit_of_anyio(self) -> None:
        held = self.hold()
        with anyio.fail_after(0.001):
            await anyio.sleep(60 + bool(held))

    async def outlasts_the_call(self) -> None:
        held = self.hold()
        await asyncio.sleep(60 + bool(held))

    async def gathers(self) -> None:
        held = self.hold()
        await asyncio.gather(self.raises(), return_exceptions=held is None)

    async def fails_in_a_thread(self) -> None:
        def work() -> None:
            held = self.hold()
            raise ConnectionError(id(held))

        await asyncio.to_thread(work)

    async def items(self) -> AsyncIterator[int]:
        held = self.hold()
        yield 1
        raise ConnectionError(id(held))

    async def items_that_pass_on(self) -> AsyncIterator[int]:
        held = self.hold()
        try:
            yield 1
        except ValueError as error:
            raise ConnectionError(id(held)) from error

    async def calls_back(self, function: Callable[[], object]) -> None:
        held = self.hold()
        function()
        raise AssertionError(id(held))

    async def awaits_back(self, function: Callable[[], Awaitable[object]]) -> None:
        held = self.hold()
        await function()
        raise AssertionError(id(held))

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[int]:
        held = self.hold()
        try:
            yield 1
        finally:
            await anyio.lowlevel.checkpoint()
            del held

    @asynccontextmanager
    async def not_entered(self) -> AsyncIterator[int]:
        held = self.hold()
        await self.raises()
        yield id(held)


def read(wrapper: Any, service: Service) -> None:
    del service
    list(wrapper.items())


def throw_in(wrapper: Any, service: Service) -> None:
    del service
    items = wrapper.items_that_pass_on()
    next(items)
    items.throw(ValueError("thrown in"))


def call_back(wrapper: Any, service: Service) -> None:
    def function() -> None:
        held = service.hold()
        raise ConnectionError(id(held))

    wrapper.calls_back(function)


def await_back(wrapper: Any, service: Service) -> None:
    async def function() -> None:
        held = service.hold()
        raise ConnectionError(id(held))

    wrapper.awaits_back(function)


def fail_in_a_block(wrapper: Any, service: Service) -> None:
    with wrapper.entered():
        held = service.hold()
        raise ConnectionError(id(held))


def enter_in_vain(wrapper: Any, service: Service) -> None:
    del service
    with wrapper.not_entered():
        raise AssertionError


def calling(name: str) -> Callable[[Any, Service], None]:
    def call(wrapper: Any, service: Service) -> None:
        del service
        getattr(wrapper, name)()

    call.__name__ = name
    return call


METHODS = (
    *("returns", "raises", "raises_what_is_not_retried", "raises_from_another", "raises_a_group"),
    *("exits", "is_cancelled", "outlasts_its_own_limit", "outlasts_a_limit_of_anyio"),
    *("outlasts_the_call", "gathers", "fails_in_a_thread"),
)
WAYS = [
    *map(calling, METHODS),
    *(read, throw_in, call_back, await_back, fail_in_a_block, enter_in_vain),
]
RUNNERS: dict[str, Callable[[], Any]] = {
    "DirectRunner": DirectRunner,
    "PortalRunner": PortalRunner,
    "PortalRunner with a loop of its own": lambda: PortalRunner(own_loop=True),
}
LEFT_OUT = {
    # It leaves a coroutine that was never awaited.
    ("gathers", "DirectRunner"),
    # On Python 3.12 and later, anyio's error and its frames are a cycle, without pywats too.
    ("outlasts_a_limit_of_anyio", "PortalRunner"),
    ("outlasts_a_limit_of_anyio", "PortalRunner with a loop of its own"),
}


@pytest.mark.parametrize("breaker", [None, CircuitBreakerConfig(failure_on_errors=[ValueError])])
@pytest.mark.parametrize(
    ("way", "runner"),
    [
        pytest.param(way, runner, id=f"{way.__name__}-{runner}")
        for way in WAYS
        for runner in RUNNERS
        if (way.__name__, runner) not in LEFT_OUT
    ],
)
def test_nothing_waits_for_the_collector(
    way: Callable[[Any, Service], None], runner: str, breaker: CircuitBreakerConfig | None
) -> None:
    config = SyncConfig(
        timeout=0.2,
        retry_enabled=True,
        retry=RetryConfig(
            max_retries=2,
            max_backoff=0.001,
            retry_unsafe=True,
            retry_on_errors=[ConnectionError, TimeoutError],
        ),
        circuit_breaker=breaker,
    )
    service = Service()
    used = RUNNERS[runner]()
    wrapper = SyncServiceWrapper(service, config, runner=used)
    gc.disable()
    try:
        with suppress(BaseException):
            way(wrapper, service)
        assert service.seen
        # The thread of the loop lets go of a task a moment after its call has ended.
        eventually(lambda: not any(held() for held in service.seen))
    finally:
        gc.enable()
