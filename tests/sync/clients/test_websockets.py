"""`websockets` behind a synchronous face, against a server of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import websockets.asyncio.client
import websockets.exceptions
from websockets.sync.server import serve

from pywats import SyncServiceWrapper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.server import ServerConnection


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)
        if message == "last":
            connection.close()


@pytest.fixture
def url() -> Iterator[str]:
    with serve(echo, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def test_messages(url: str) -> None:
    module: Any = SyncServiceWrapper(websockets.asyncio.client)
    with module.connect(url) as connection:
        connection.send("a")
        assert connection.recv() == "a"
        connection.send("b")
        connection.send("last")
        assert list(connection) == ["b", "last"]
    connection = module.connect(url)
    assert connection.ping().result(60) >= 0
    connection.close()
    with pytest.raises(websockets.exceptions.ConnectionClosed):
        connection.recv()
