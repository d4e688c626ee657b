"""What a server says unasked is never the answer to the next request."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from contextlib import closing, suppress
from itertools import count
from typing import TYPE_CHECKING

import httpcore
import pytest

from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint
from pywats.http.network.leftover import has_leftover
from tests.faults.calls import send
from tests.http.faces import GET
from tests.http.raw_server import RawServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    TwoResponses = Callable[[str, ConnectionSettings | None], list[bytes]]

FIRST = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
UNASKED = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nto nobody"


def blocking(base_url: str, settings: ConnectionSettings | None) -> list[bytes]:
    port = BlockingPort(Endpoint(base_url, "Basic eA=="), settings, timeout=60)
    try:
        return [send(port, GET).content for _ in range(2)]
    finally:
        port.close()


def asynchronous(base_url: str, settings: ConnectionSettings | None) -> list[bytes]:
    async def main() -> list[bytes]:
        port = AsyncPort(Endpoint(base_url, "Basic eA=="), settings, timeout=60)
        try:
            return [(await port.send(GET)).content for _ in range(2)]
        finally:
            await port.close()

    return asyncio.run(main())


each_face = pytest.mark.parametrize("two_responses", [blocking, asynchronous])


class Talkative:
    """Answers with the number of the connection, says more than it was asked, and waits."""

    def __init__(self, unasked: bytes) -> None:
        self._unasked = unasked
        self.connections = 0

    def __call__(self, connection: socket.socket, _: bytes) -> None:
        self.connections += 1
        # In one call, so in one packet.
        connection.sendall(FIRST + b"%d" % self.connections + self._unasked)
        connection.recv(65536)


@each_face
@pytest.mark.parametrize("unasked", [UNASKED, b"x", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_what_came_with_a_response_is_not_taken_for_the_next(
    two_responses: TwoResponses, unasked: bytes
) -> None:
    with RawServer(Talkative(unasked)) as server:
        assert two_responses(server.base_url, None) == [b"1", b"2"]


@each_face
def test_nor_is_what_came_in_the_same_record_of_tls(
    two_responses: TwoResponses, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    numbers = count(1)

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(FIRST + b"%d" % next(numbers) + UNASKED)
        connection.recv(65536)

    with RawServer(respond, tls=context) as server:
        assert two_responses(server.base_url, trusting) == [b"1", b"2"]


class LumpProxy:
    """Passes bytes on in both directions; the last words of a server in one piece.

    Those are what the server says from `last_words` on to the end of its connection. The client's
    connection stays open, so that nothing but the piece itself says that the server has gone.
    """

    def __init__(self) -> None:
        self._speaking: set[int] = set()

    def last_words(self, connection: socket.socket) -> None:
        """Have all that the server says from now on collected; called by the server."""
        self._speaking.add(connection.getpeername()[1])

    def __call__(self, client: socket.socket, head: bytes) -> None:
        host, _, port = head.split(b"Host: ")[-1].split()[0].decode().partition(":")
        with socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                pending = isinstance(client, ssl.SSLSocket) and client.pending()
                ready = [client] if pending else select.select([client, server], [], [], 120)[0]
                if client in ready:
                    data = client.recv(65536)
                    if not data:
                        return
                    server.sendall(data)
                else:
                    data = server.recv(65536)
                    # Asked after it was received: the server may begin its last words meanwhile.
                    last = server.getsockname()[1] in self._speaking
                    if last:
                        data += b"".join(iter(lambda: server.recv(65536), b""))
                    client.sendall(data)
                    if last:
                        client.recv(1)
                        return


@pytest.fixture(params=["http", "https"])
def proxy(
    request: pytest.FixtureRequest, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LumpProxy]:
    tls = context if request.param == "https" else None
    lumps = LumpProxy()
    with RawServer(lumps, tls=tls) as running:
        monkeypatch.setenv("https_proxy", f"{request.param}://127.0.0.1:{running.port}")
        monkeypatch.setenv("no_proxy", "")
        yield lumps


def say_more(connection: ssl.SSLSocket) -> None:
    connection.sendall(UNASKED)


def say_goodbye(connection: ssl.SSLSocket) -> None:
    connection.setblocking(False)
    with suppress(ssl.SSLWantReadError):
        connection.unwrap()


def talk_nonsense(connection: ssl.SSLSocket) -> None:
    socket.socket.sendall(connection, b"below TLS")


@each_face
@pytest.mark.parametrize("end", [say_more, say_goodbye, talk_nonsense])
def test_a_connection_with_more_in_the_packet_of_its_response_is_not_used_again(
    two_responses: TwoResponses,
    end: Callable[[ssl.SSLSocket], None],
    proxy: LumpProxy,
    context: ssl.SSLContext,
    trusting: ConnectionSettings,
) -> None:
    numbers = count(1)

    def respond(connection: socket.socket, _: bytes) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        proxy.last_words(connection)
        connection.sendall(FIRST + b"%d" % next(numbers))
        end(connection)
        socket.socket.shutdown(connection, socket.SHUT_WR)
        connection.setblocking(True)
        # The client's end of the connection.
        while socket.socket.recv(connection, 65536):
            pass

    with RawServer(respond, tls=context) as server:
        assert two_responses(server.base_url, trusting) == [b"1", b"2"]


@each_face
@pytest.mark.usefixtures("proxy")
def test_a_server_that_says_no_more_than_it_was_asked_keeps_its_connection(
    two_responses: TwoResponses, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(FIRST + b"1")
        connection.recv(65536)
        connection.sendall(FIRST + b"2")
        connection.recv(65536)

    with RawServer(respond, tls=context) as server:
        assert two_responses(server.base_url, trusting) == [b"1", b"2"]
    assert len(server.heads) == 1


def test_httpcore_has_its_parser_where_it_is_looked_for() -> None:
    """The contract on private attributes of httpcore: without them nothing would be kept."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(FIRST + b"1" + UNASKED)
        connection.recv(65536)

    with RawServer(respond) as server, httpcore.ConnectionPool() as pool:
        origin = httpcore.Origin(b"http", b"127.0.0.1", server.port)
        with closing(pool.create_connection(origin)) as connection:
            # One that has not connected has no parser.
            assert has_leftover(connection)
            connection.handle_request(
                httpcore.Request("GET", server.base_url, headers={"Host": "wats"})
            ).read()
            assert has_leftover(connection)
