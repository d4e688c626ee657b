"""What is known of a request that failed: not sent, perhaps executed, or answered."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest
import trustme

from pywats import CallTransport, DirectTransport, RetryConfig, pyWATS
from pywats.errors import (
    CallError,
    CallTimeoutError,
    WATSConnectionError,
    WATSDecodeError,
    WATSError,
    WATSStatusError,
)
from pywats.http import AsyncPort, BlockingPort, Endpoint, Request
from pywats.http.network.connection import Link
from pywats.sync import DirectRunner
from tests.faults.calls import limited, send
from tests.faults.network import black_hole, resolver
from tests.http.faces import POST
from tests.http.raw_server import RawServer, saying

Post = Callable[..., tuple[CallError, bool]]
Response = Callable[[socket.socket, bytes], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
PUT = Request(method="PUT", template="/api/Product", content=b"{}")
GET = Request(method="GET", template="/api/Product/A")
LARGE = Request(method="POST", template="/api/Report/WSJF", content=b"x" * 10_000_000)
# What ends by itself has the time that a busy machine may need; the rest has to be waited out.
PLENTY = 5.0
SHORT = 0.5


def post_blocking(
    base_url: str, request: Request = POST, limit: float = PLENTY
) -> tuple[WATSError, bool]:
    """Return why the request failed, and whether it must not be sent again."""
    port = BlockingPort(Endpoint(base_url, "Basic eA=="))
    try:
        with limited(limit) as call, pytest.raises(WATSError) as caught:
            send(port, request)
    finally:
        port.close()
    return caught.value, call.unsafe_request_sent


def post_in_a_loop(
    base_url: str, request: Request = POST, limit: float = PLENTY
) -> tuple[WATSError, bool]:
    async def main() -> tuple[WATSError, bool]:
        port = AsyncPort(Endpoint(base_url, "Basic eA=="))
        try:
            with limited(limit) as call, pytest.raises(WATSError) as caught:
                await port.send(request)
        finally:
            await port.close()
        return caught.value, call.unsafe_request_sent

    return asyncio.run(main())


async def post_over(
    transport: httpx.AsyncBaseTransport, base_url: str, request: Request, limit: float
) -> tuple[CallError, bool]:
    async with httpx.AsyncClient(base_url=base_url, transport=transport, timeout=30) as client:
        with limited(limit) as call:
            call.direct = isinstance(transport, DirectTransport)
            with pytest.raises(CallError) as caught:
                await client.request(request.method, request.template, content=request.content)
    return caught.value, call.unsafe_request_sent


def post_over_direct(
    base_url: str, request: Request = POST, limit: float = PLENTY
) -> tuple[CallError, bool]:
    transport = DirectTransport()
    return DirectRunner().run("post", lambda: post_over(transport, base_url, request, limit))


def post_over_call(
    base_url: str, request: Request = POST, limit: float = PLENTY
) -> tuple[CallError, bool]:
    return asyncio.run(post_over(CallTransport(), base_url, request, limit))


WAYS: list[Post] = [post_blocking, post_in_a_loop, post_over_direct, post_over_call]
each_way = pytest.mark.parametrize("post", WAYS)
each_port = pytest.mark.parametrize("post", [post_blocking, post_in_a_loop])


@contextmanager
def refusing() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def swallowing() -> Iterator[str]:
    with black_hole() as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def silent_in_tls() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def untrusted() -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with RawServer(saying(OK), tls=context) as server:
        yield server.base_url


@contextmanager
def behind_a_proxy_that_refuses() -> Iterator[str]:
    with RawServer(saying(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) as proxy:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
            patch.setenv("no_proxy", "")
            yield "https://wats.invalid"
        assert proxy.heads[0].startswith(b"CONNECT wats.invalid:443 ")


@contextmanager
def unknown() -> Iterator[str]:
    def fail() -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolver(fail))
        yield "http://unknown.test"


NOT_SENT: dict[Callable[[], AbstractContextManager[str]], str] = {
    refusing: "no connection ([Errno",
    swallowing: "(connecting)",
    silent_in_tls: "(connecting)",
    untrusted: "the certificate was refused",
    behind_a_proxy_that_refuses: "no connection (403 Forbidden)",
    unknown: "no connection ([Errno -2] Name or service not known)",
}
WAITED_OUT = {swallowing, silent_in_tls}


def waited_out(
    post_once: Callable[[], tuple[CallError, bool]], *phases: str
) -> tuple[CallError, bool]:
    """Return how the request failed in one of the phases; a busy machine may not get that far."""
    for _ in range(20):
        error, unsafe = post_once()
        if not isinstance(error, CallTimeoutError) or error.phase in phases:
            return error, unsafe
    pytest.fail(f"the time never runs out in {phases}")


@each_way
@pytest.mark.parametrize("server", NOT_SENT)
def test_nothing_was_sent(post: Post, server: Callable[[], AbstractContextManager[str]]) -> None:
    with server() as base_url:
        if server in WAITED_OUT:
            error, unsafe = waited_out(lambda: post(base_url, limit=SHORT), "connect")
        else:
            error, unsafe = post(base_url)
    assert NOT_SENT[server] in str(error)
    assert not error.may_have_been_executed
    assert not unsafe


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def keep_silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


@each_way
@pytest.mark.parametrize("response", [saying(b""), saying(b"HTTP/1.1 2"), reset, keep_silent])
@pytest.mark.parametrize("request_", [POST, LARGE], ids=["small", "large"])
def test_it_may_have_been_executed(post: Post, response: Response, request_: Request) -> None:
    with RawServer(response, read_body=False) as server:
        if response is keep_silent:
            error, unsafe = waited_out(
                lambda: post(server.base_url, request_, SHORT), "write", "read"
            )
        else:
            error, unsafe = post(server.base_url, request_)
    assert error.may_have_been_executed
    assert unsafe


@each_port
def test_a_response_before_the_end_of_the_upload_is_heard(post: Post) -> None:
    def refuse(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1_000_000):
            pass

    with RawServer(refuse, read_body=False) as server:
        error, _ = post(server.base_url, LARGE)
    assert isinstance(error, WATSStatusError)
    assert error.status == 413
    assert not error.may_have_been_executed


class Keeper:
    """Answers one request, ends the connection, and answers those over later ones."""

    def __init__(self, *, reset: bool) -> None:
        self._reset = reset
        self._seen = 0
        self.ended = threading.Event()

    def serve(self, connection: socket.socket, head: bytes) -> None:
        connection.sendall(OK)
        self._seen += 1
        if self._seen == 1:
            if self._reset:
                reset(connection, head)
            connection.close()
            self.ended.set()


def used_once(keeper: Keeper, server: RawServer, **settings: Any) -> pyWATS:
    """Return a client whose connection the server has ended."""
    api = pyWATS(server.base_url, "eDp5", **settings)
    assert send(api._port, GET).content == b"{}"
    assert keeper.ended.wait(120)
    time.sleep(0.01)  # until the end has come through
    return api


@pytest.mark.parametrize("by_reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("request_", [GET, PUT, POST], ids=lambda each: each.method)
def test_a_connection_that_the_server_has_closed_is_not_used_again(
    by_reset: bool,  # noqa: FBT001 - parameters of a table
    request_: Request,
) -> None:
    keeper = Keeper(reset=by_reset)
    with RawServer(keeper.serve) as server:
        api = used_once(keeper, server)
        assert send(api._port, request_).content == b"{}"
        api.close()
    assert len(server.heads) == 2


@pytest.fixture
def looked_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the server close connections just after they were found to be open."""
    monkeypatch.setattr(Link, "is_reusable", lambda self: self.connection.is_idle())


@pytest.mark.usefixtures("looked_too_early")
@pytest.mark.parametrize("request_", [GET, PUT, POST], ids=lambda each: each.method)
def test_a_request_of_which_no_byte_left_goes_over_a_new_connection(request_: Request) -> None:
    keeper = Keeper(reset=True)
    with RawServer(keeper.serve) as server:
        api = used_once(keeper, server)
        with limited(5) as call:
            assert send(api._port, request_).content == b"{}"
        api.close()
    assert len(server.heads) == 2
    assert call.unsafe_request_sent is (request_ is POST)


@pytest.mark.usefixtures("looked_too_early")
def test_a_post_that_left_for_a_closed_connection_is_not_sent_again() -> None:
    keeper = Keeper(reset=False)
    with RawServer(keeper.serve) as server:
        api = used_once(keeper, server)
        with limited(5) as call, pytest.raises(WATSConnectionError) as caught:
            send(api._port, POST)
        api.close()
    assert len(server.heads) == 1
    assert caught.value.may_have_been_executed
    assert call.unsafe_request_sent


@pytest.mark.usefixtures("looked_too_early")
def test_a_get_that_left_for_a_closed_connection_is_retried_where_retries_are_on() -> None:
    keeper = Keeper(reset=False)
    with RawServer(keeper.serve) as server:
        api = used_once(keeper, server, retry_config=RetryConfig(max_backoff=0.01))
        with pytest.raises(WATSDecodeError):  # {} is no product
            api.product.get_product("A")
        api.close()
    assert len(server.heads) == 2
