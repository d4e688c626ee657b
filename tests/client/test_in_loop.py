"""The clients in a running event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, SyncClientConfig, SyncInLoopWarning, SyncWATSClient, pyWATS
from pywats.sync.engine import loop_warning
from tests.http.raw_server import RawServer, response
from tests.waiting import HANGS

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from pywats.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _not_yet_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_warning, "_turn", threading.Lock())


def warnings_in_loop(work: Callable[[], object]) -> list[warnings.WarningMessage]:
    async def main() -> None:
        work()
        work()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(main())
    return caught


def test_the_sync_face_works_and_names_the_async_one_once(api: pyWATS) -> None:
    (warning,) = warnings_in_loop(lambda: api.product.create_product("A"))
    assert warning.category is SyncInLoopWarning
    assert str(warning.message) == (
        "pywats.product.create_product blocks the running event loop until it returns: await a "
        "method of pywats.AsyncWATS there (this is said once in a process)"
    )
    assert warning.filename == __file__
    assert api.product.get_product("A").part_number == "A"


def test_the_flat_client_and_views_say_the_same(sandbox: Sandbox) -> None:
    config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token)
    with SyncWATSClient(config) as client:
        (warning,) = warnings_in_loop(client.with_options(timeout=5).get_products)
    assert "await a method of pywats.AsyncWATS" in str(warning.message)
    assert warning.filename == __file__


def test_a_call_in_a_worker_thread_blocks_no_loop(api: pyWATS) -> None:
    async def main() -> None:
        await asyncio.to_thread(api.product.get_products)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(main())
    assert caught == []


async def test_the_async_face_has_nothing_to_warn_of(sandbox: Sandbox) -> None:
    async with AsyncWATS(sandbox.base_url, sandbox.token) as api:
        assert await api.product.get_products() == []


async def test_a_client_that_is_dropped_closes_its_connections_while_the_loop_goes_on() -> None:
    disconnected = threading.Event()

    def serve(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response(b'{"partNumber":"A"}'))
        if connection.recv(1) == b"":
            disconnected.set()

    with RawServer(serve) as server:
        api = AsyncWATS(server.base_url, "eDp5")
        assert (await api.product.get_product("A")).part_number == "A"
        cycle: list[object] = [api]
        cycle.append(cycle)
        del api, cycle
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            gc.collect()
        assert await asyncio.to_thread(disconnected.wait, HANGS)
    assert not caught
