"""Bridges from synchronous code to a coroutine: one that does nothing, and one that does HTTP."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import asgiref.sync
import httpx
import synchronicity
from anyio.from_thread import start_blocking_portal

from benchmarks.payloads import PART_NUMBER
from benchmarks.results import Bar, CaseResult
from benchmarks.turns import Measured, drive, race
from pywats import CallTransport, SyncServiceWrapper
from pywats.sync import PortalRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from benchmarks.scale import Scale

__all__ = ["measure"]

RUNNER = "pywats PortalRunner"
WRAPPER = "pywats SyncServiceWrapper"
OVER_CALLS = "pywats SyncServiceWrapper over CallTransport"
_RIVALS = ("anyio BlockingPortal", "synchronicity")
_CALL_LIMIT = 1.05
_TRIVIAL = 1000
_HTTP = 200


class Probe:
    """An async object of somebody else.

    Args:
        base_url: Address of the server.
        transport: Makes the transport of a client; None for the one that httpx makes.
    """

    def __init__(
        self, base_url: str, transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    ) -> None:
        self._base_url = base_url
        self._transport = transport
        self._clients = threading.local()

    async def nothing(self) -> int:
        """Return."""
        return 1

    async def get(self) -> int:
        """Get a product through an `httpx.AsyncClient` of the running loop's thread."""
        client = getattr(self._clients, "client", None)
        if client is None:
            transport = None if self._transport is None else self._transport()
            client = httpx.AsyncClient(base_url=self._base_url, transport=transport)
            self._clients.client = client
        response: httpx.Response = await client.get(f"/api/Product/{PART_NUMBER}")
        return response.raise_for_status().status_code

    async def get_once(self) -> int:
        """Get a product through a client of this call alone: asyncio.run has no other."""
        async with httpx.AsyncClient(base_url=self._base_url, verify=False) as client:  # noqa: S501 - plain http
            return (await client.get(f"/api/Product/{PART_NUMBER}")).raise_for_status().status_code


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race the bridges on both coroutines."""
    probe = Probe(base_url)
    wrapper: Any = SyncServiceWrapper(probe)
    traced: Any = SyncServiceWrapper(Probe(base_url, CallTransport))
    runner = PortalRunner()
    loop = asyncio.new_event_loop()
    synchronizer = synchronicity.Synchronizer()
    result = CaseResult(
        "Bridges for foreign async objects",
        "What it costs to call a coroutine of somebody else without `await`. PortalRunner is the "
        "bridge of pywats; SyncServiceWrapper uses it and adds call state, correlation id, limits "
        "and retry budget to each call, which the others have not, so that the bars are about "
        "PortalRunner. Ratios are to anyio's BlockingPortal. `asyncio.run` and asgiref make a "
        "loop for each call, so they need a new client for each (without a TLS context, in their "
        "favour). `native await` is code that is async itself, and needs no bridge.",
    )
    with start_blocking_portal() as portal:
        for caption, method, calls in (
            ("a coroutine that returns at once", "nothing", scale.calls(_TRIVIAL)),
            ("httpx.AsyncClient.get", "get", scale.calls(_HTTP)),
        ):
            function: Callable[[], Coroutine[Any, Any, int]] = getattr(probe, method)
            alone = probe.get_once if method == "get" else function
            bridges: dict[str, Callable[[], object]] = {
                "anyio BlockingPortal": partial(portal.call, function),
                RUNNER: partial(runner.run, method, function),
                WRAPPER: getattr(wrapper, method),
                **({OVER_CALLS: traced.get} if method == "get" else {}),
                "synchronicity": synchronizer.create_blocking(_plain(function)),
                "loop of the thread": partial(_complete, loop, function),
                "asgiref async_to_sync": asgiref.sync.async_to_sync(alone),
                "asyncio.run": partial(_run, alone),
            }
            result.tables[caption] = race(
                {
                    "native await": partial(_natively, loop, function, calls),
                    **{name: partial(drive, call, calls) for name, call in bridges.items()},
                },
                reference="anyio BlockingPortal",
                rounds=scale.rounds,
            )
            mine = result.row(caption, RUNNER)
            for rival in _RIVALS:
                text = f"PortalRunner not slower than {rival}, {caption} (at most 1.00)"
                theirs = result.row(caption, rival)
                value = (mine.ratio or float("inf")) / (theirs.ratio or float("inf"))
                result.bars.append(Bar(f"portal-{method}-{rival.split()[0]}", text, 1.0, value))
    _compare_call_transport(result)
    loop.close()
    return result


def _compare_call_transport(result: CaseResult) -> None:
    caption = "httpx.AsyncClient.get"
    mine, theirs = result.row(caption, OVER_CALLS), result.row(caption, "synchronicity")
    value = (mine.ratio or float("inf")) / (theirs.ratio or float("inf"))
    text = f"SyncServiceWrapper over CallTransport (ids, span, log line), {caption}: at most "
    result.bars.append(
        Bar("call-transport", f"{text}{_CALL_LIMIT:.2f} × synchronicity", _CALL_LIMIT, value)
    )


def _plain(
    method: Callable[[], Coroutine[Any, Any, int]],
) -> Callable[[], Coroutine[Any, Any, int]]:
    """Return a function: synchronicity takes no bound method."""

    async def function() -> int:
        return await method()

    return function


def _natively(
    loop: asyncio.AbstractEventLoop, function: Callable[[], Coroutine[Any, Any, int]], calls: int
) -> Measured:
    """Await the coroutine function again and again in one running loop: no bridge at all."""

    async def await_all() -> float:
        started = time.perf_counter()
        for _ in range(calls):
            await function()
        return time.perf_counter() - started

    gc.collect()
    return Measured(loop.run_until_complete(await_all()), calls)


def _complete(
    loop: asyncio.AbstractEventLoop, function: Callable[[], Coroutine[Any, Any, int]]
) -> int:
    return loop.run_until_complete(function())


def _run(function: Callable[[], Coroutine[Any, Any, int]]) -> int:
    return asyncio.run(function())
