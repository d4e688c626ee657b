"""Tasks that outlive the call that started them."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import socket
from typing import TYPE_CHECKING

import pytest
from opentelemetry import trace

from pywats import SyncServiceWrapper, correlation_id
from pywats.observability.correlation import current_correlation_id
from pywats.sync import CorrelationFilter, use_correlation_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tracing import Spans

INBOUND: contextvars.ContextVar[str | None] = contextvars.ContextVar("inbound", default=None)


class Client:
    """Starts a reader as it connects."""

    def __init__(self) -> None:
        self.ids: dict[str, str | None] = {}
        self.valid: list[bool] = []

    def _note(self, what: str) -> None:
        self.ids[what] = current_correlation_id()
        self.valid.append(trace.get_current_span().get_span_context().is_valid)

    async def connect(self) -> None:
        self.go = asyncio.Event()
        self.reader = asyncio.create_task(self._read())
        await asyncio.gather(self._during(), asyncio.create_task(self._during()))
        self._begin()

    def _begin(self) -> None:
        # The callback runs once `finish` writes: surely after the call that leaves it behind.
        self.bell, self.rope = socket.socketpair()
        asyncio.get_running_loop().add_reader(self.bell, self._called_back)

    def start(self) -> None:
        """Start it from a plain function."""
        self.go = asyncio.Event()
        self.reader = asyncio.get_running_loop().create_task(self._read())
        self._begin()

    async def _during(self) -> None:
        self._note("during")

    async def _read(self) -> None:
        await self.go.wait()
        self._note("after")
        await asyncio.create_task(self._below())

    async def _below(self) -> None:
        self._note("below")

    def _called_back(self) -> None:
        asyncio.get_running_loop().remove_reader(self.bell)
        self.bell.close()
        self._note("callback")
        self.later = asyncio.get_running_loop().create_task(self._from_callback())

    async def _from_callback(self) -> None:
        self._note("from callback")
        self.go.set()

    async def finish(self) -> None:
        with self.rope:
            self.rope.send(b".")
        await self.reader


@pytest.fixture
def client() -> SyncServiceWrapper[Client]:
    return SyncServiceWrapper(Client())


def test_they_do_not_keep_its_id(client: SyncServiceWrapper[Client], spans: Spans) -> None:
    client.connect()
    client.finish()
    (own,) = {format(span.context.trace_id, "032x") for span in spans.finished[:1] if span.context}
    assert client.ids == {
        "during": own,
        "callback": None,
        "from callback": None,
        "after": None,
        "below": None,
    }
    assert client.valid == [True, True, True, False, False, False]


@pytest.fixture
def inbound() -> Iterator[None]:
    use_correlation_id_of(INBOUND)
    yield
    use_correlation_id_of(None)


@pytest.mark.usefixtures("inbound")
@pytest.mark.parametrize("how", ["connect", "start"])
def test_nor_an_id_of_the_users(client: SyncServiceWrapper[Client], how: str) -> None:
    def run() -> None:
        INBOUND.set("request-1")
        getattr(client, how)()

    with correlation_id("job-42"):
        contextvars.copy_context().run(run)
    client.finish()
    assert {client.ids[name] for name in ("after", "below", "from callback")} == {None}
    contextvars.copy_context().run(run)
    client.finish()


def test_log_lines_of_a_callback_that_a_call_left_behind(
    client: SyncServiceWrapper[Client],
) -> None:
    seen: list[logging.LogRecord] = []

    class Chatty(Client):
        def _called_back(self) -> None:
            record = logging.makeLogRecord({"msg": "late"})
            CorrelationFilter().filter(record)
            seen.append(record)
            super()._called_back()

    client = SyncServiceWrapper(Chatty())
    client.connect()
    client.finish()
    assert vars(seen[0])["correlation_id"] == vars(seen[0])["trace_id"] == "-"
