"""A bench for services: each method is called against the sandbox, over either port.

A scenario is an async function that calls methods through `Bench.call`. `on_blocking_port`
drives it with one ``send(None)``, which proves that no method suspends; `on_async_port` awaits
it. Both start from the same state, so their results must be equal.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pywats.client.credentials import resolve_credentials
from pywats.http import AsyncPort, BlockingPort
from pywats.sandbox import Sandbox
from pywats.services import BoxBuildTemplate
from tests.openapi.validator import validate

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.port import HttpPort
    from pywats.sandbox import RecordedRequest

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Bench:
    """Services of one port, what their last call sent, and what all calls returned.

    Attributes:
        sandbox: The server.
        results: Name and result of each call, in order.
        operations: For each method that was called, the operations of the API files that it
            requested.
    """

    def __init__(self, port: HttpPort, service: type[Any], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.results: list[tuple[str, Any]] = []
        self.operations: dict[str, set[str]] = {}
        self._port = port
        self._service = service(port)

    async def call(self, method: str, *args: object, **kwargs: object) -> Any:
        """Call a method of the service, to its end, and validate what it sent."""
        self.sandbox.clear()
        result = getattr(self._service, method)(*args, **kwargs)
        if isinstance(result, Awaitable):
            result = await result
        if isinstance(result, AsyncIterator):
            result = [each async for each in result]
        # The one result without an equality of its own is compared by what it shows.
        shown = repr(result) if isinstance(result, BoxBuildTemplate) else result
        self.results.append((method, shown))
        operations = {validate(request) for request in self.requests}
        self.operations.setdefault(method, set()).update(operations)
        return result

    def other(self, service: type[Any]) -> Any:
        """Return another service over the same port, to prepare state or look at it."""
        return service(self._port)

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """What the last call sent."""
        return self.sandbox.requests

    @property
    def sent(self) -> list[str]:
        """Verb and target of each request of the last call."""
        return [f"{request.method} {request.target}" for request in self.requests]

    @property
    def last(self) -> Any:
        """The JSON body of the last request."""
        return json.loads(self.requests[-1].body)


Scenario = Callable[[Bench], Awaitable[None]]


def _endpoint(sandbox: Sandbox) -> Endpoint:
    credentials = resolve_credentials(sandbox.token, None, None)
    return credentials.endpoint(sandbox.base_url, "X-Correlation-ID")


def on_blocking_port(service: type[Any], scenario: Scenario) -> Bench:
    """Run a scenario over the blocking port; fail if it suspends."""
    with Sandbox(start=START) as sandbox:
        port = BlockingPort(_endpoint(sandbox), timeout=10)
        bench = Bench(port, service, sandbox)
        steps = scenario(bench).__await__()
        try:
            next(steps)
        except StopIteration:
            return bench
        finally:
            port.close()
            assert sandbox.errors == []
        raise AssertionError(f"{scenario} suspended on the blocking port")


def on_async_port(service: type[Any], scenario: Scenario) -> Bench:
    """Run a scenario over the async port in an event loop."""

    async def run() -> Bench:
        with Sandbox(start=START) as sandbox:
            port = AsyncPort(_endpoint(sandbox), timeout=10)
            bench = Bench(port, service, sandbox)
            try:
                await scenario(bench)
            finally:
                await port.close()
                assert sandbox.errors == []
            return bench

    return asyncio.run(run())
