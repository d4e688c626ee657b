"""A body that cannot be sent again is not sent again."""

from __future__ import annotations

import gc
import socket
import weakref
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import (
    CallTransport,
    DirectTransport,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    instrument_httpx,
)
from pywats.errors import CallError
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

BUSY = response(b"", b"Connection: close", status=b"503 Busy")
OK = response(b"{}", b"Connection: close")


class Upload:
    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._client = httpx.AsyncClient(transport=transport)

    async def put(self, url: str, content: AsyncIterator[bytes] | None = None) -> int:
        # With its length, so that the server reads the body before it closes the connection.
        headers = {"Content-Length": "6"}
        sent = await self._client.put(url, content=content or pieces(), headers=headers)
        return sent.raise_for_status().status_code

    async def aclose(self) -> None:
        await self._client.aclose()


async def pieces() -> AsyncIterator[bytes]:
    yield b"abc"
    yield b"def"


def over_httpx() -> httpx.AsyncBaseTransport:
    return CallTransport(httpx.AsyncHTTPTransport())


def wrapped(make: Any) -> SyncServiceWrapper[Upload]:
    config = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=3, max_backoff=0.01))
    transport = make()
    if isinstance(transport, DirectTransport):
        return SyncServiceWrapper(Upload(transport), config, runner=DirectRunner())
    return SyncServiceWrapper(Upload(transport), config)


each = pytest.mark.parametrize("make", [DirectTransport, CallTransport, over_httpx])


@each
def test_the_rest_of_a_generator_is_not_sent(make: Any) -> None:
    upload = wrapped(make)
    with (
        RawServer(saying(BUSY)) as server,
        pytest.raises(httpx.LocalProtocolError, match="create the generator in the") as caught,
    ):
        upload.put(server.base_url, pieces())
    upload.aclose()
    assert len(server.heads) == 1
    assert isinstance(caught.value, CallError)
    assert caught.value.attempts[0].status == 503


@each
def test_a_generator_of_the_method_itself_is_sent_again(make: Any) -> None:
    def busy_once(connection: socket.socket, _: bytes) -> None:
        connection.sendall(BUSY if len(server.heads) == 1 else OK)

    upload = wrapped(make)
    with RawServer(busy_once) as server:
        assert upload.put(server.base_url) == 200
    upload.aclose()
    assert len(server.heads) == 2


@each
def test_a_generator_that_was_not_read_is_sent(make: Any) -> None:
    upload = wrapped(make)
    body = pieces()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(httpx.ConnectError):
            upload.put(f"http://127.0.0.1:{closed.getsockname()[1]}", body)
    with RawServer(saying(OK)) as server:
        assert upload.put(server.base_url, body) == 200
    upload.aclose()


@each
def test_the_same_request_sent_again_is_the_error_of_httpx(make: Any) -> None:
    def redirect(connection: socket.socket, _: bytes) -> None:
        moved = response(b"", b"Location: /", b"Connection: close", status=b"307 Moved")
        connection.sendall(moved)

    class Redirected(Upload):
        async def put(self, url: str, content: AsyncIterator[bytes] | None = None) -> int:
            self._client.follow_redirects = True
            return await super().put(url, content)

    transport = make()
    runner = DirectRunner() if isinstance(transport, DirectTransport) else None
    upload = SyncServiceWrapper(Redirected(transport), runner=runner)
    with RawServer(redirect) as server, pytest.raises(httpx.StreamConsumed):
        upload.put(server.base_url)
    upload.aclose()


def test_a_blocking_client_refuses_it_too_and_a_generator_is_not_kept() -> None:
    def blocking() -> Iterator[bytes]:
        yield b"abcdef"

    body = blocking()
    kept = weakref.ref(body)
    with RawServer(saying(OK)) as server, instrument_httpx(httpx.Client()) as client:
        assert (
            client.put(server.base_url, content=body, headers={"Content-Length": "6"}).status_code
            == 200
        )
        with pytest.raises(httpx.LocalProtocolError, match="nothing was sent"):
            client.put(server.base_url, content=body, headers={"Content-Length": "6"})
    assert len(server.heads) == 1
    del body
    gc.collect()
    assert kept() is None
