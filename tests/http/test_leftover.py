"""What a server says unasked is never the answer to the next request."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import time
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

import httpcore
import pytest

from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint
from pywats.http.leftover import has_leftover
from tests.faults.calls import send
from tests.http.faces import GET
from tests.http.raw_server import RawServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    TwoAnswers = Callable[[str, ConnectionSettings | None], list[bytes]]

FIRST = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
UNASKED = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nto nobody"


def blocking(base_url: str, settings: ConnectionSettings | None) -> list[bytes]:
    port = BlockingPort(Endpoint(base_url, "Basic eA=="), settings, timeout=5)
    try:
        return [send(port, GET).content for _ in range(2)]
    finally:
        port.close()


def asynchronous(base_url: str, settings: ConnectionSettings | None) -> list[bytes]:
    async def main() -> list[bytes]:
        port = AsyncPort(Endpoint(base_url, "Basic eA=="), settings, timeout=5)
        try:
            return [(await port.send(GET)).content for _ in range(2)]
        finally:
            await port.close()

    return asyncio.run(main())


each_face = pytest.mark.parametrize("two_answers", [blocking, asynchronous])


class Talkative:
    """Answers with the number of the connection, says more than it was asked, and waits."""

    def __init__(self, *unasked: bytes) -> None:
        self._unasked = unasked
        self.connections = 0

    def __call__(self, connection: socket.socket, _: bytes) -> None:
        self.connections += 1
        answers = [FIRST + b"%d" % self.connections, *self._unasked]
        if isinstance(connection, ssl.SSLSocket):
            for each in answers:
                connection.sendall(each)
        else:
            connection.sendall(b"".join(answers))
        connection.recv(65536)


@each_face
@pytest.mark.parametrize("unasked", [UNASKED, b"x", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_what_came_with_an_answer_is_not_taken_for_the_next(
    two_answers: TwoAnswers, unasked: bytes
) -> None:
    with RawServer(Talkative(unasked)) as server:
        assert two_answers(server.base_url, None) == [b"1", b"2"]


@each_face
def test_nor_is_what_came_in_the_same_record_of_tls(
    two_answers: TwoAnswers, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    numbers = count(1)

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(FIRST + b"%d" % next(numbers) + UNASKED)
        connection.recv(65536)

    with RawServer(answer, tls=context) as server:
        assert two_answers(server.base_url, trusting) == [b"1", b"2"]


def pass_on_in_lumps(client: socket.socket, head: bytes) -> None:
    """Pass bytes on in both directions, those from the server as few records as can be."""
    host, _, port = head.split(b"Host: ")[-1].split()[0].decode().partition(":")
    with socket.create_connection((host, int(port))) as server:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            pending = isinstance(client, ssl.SSLSocket) and client.pending()
            ready = [client] if pending else select.select([client, server], [], [], 10)[0]
            for source in ready:
                if source is server:
                    # What the server says in pieces has come by then.
                    time.sleep(0.03)
                data = source.recv(65536)
                if not data:
                    return
                (server if source is client else client).sendall(data)


@pytest.fixture(params=["http", "https"])
def proxy(
    request: pytest.FixtureRequest, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RawServer]:
    tls = context if request.param == "https" else None
    with RawServer(pass_on_in_lumps, tls=tls) as running:
        monkeypatch.setenv("https_proxy", f"{request.param}://127.0.0.1:{running.port}")
        monkeypatch.setenv("no_proxy", "")
        yield running


@each_face
@pytest.mark.usefixtures("proxy")
def test_nor_what_came_in_one_packet_with_it_through_a_proxy(
    two_answers: TwoAnswers, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    server = Talkative(UNASKED)
    with RawServer(server, tls=context) as running:
        assert two_answers(running.base_url, trusting) == [b"1", b"2"]


def say_goodbye(connection: ssl.SSLSocket) -> None:
    connection.unwrap()


def talk_nonsense(connection: ssl.SSLSocket) -> None:
    socket.socket.sendall(connection, b"below TLS")
    connection.recv(1)


@each_face
@pytest.mark.parametrize("end", [say_goodbye, talk_nonsense])
@pytest.mark.usefixtures("proxy")
def test_a_connection_that_ended_in_the_packet_of_its_answer_is_not_used_again(
    two_answers: TwoAnswers,
    end: Callable[[ssl.SSLSocket], None],
    context: ssl.SSLContext,
    trusting: ConnectionSettings,
) -> None:
    numbers = count(1)

    def answer(connection: socket.socket, _: bytes) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        connection.sendall(FIRST + b"%d" % next(numbers))
        end(connection)

    with RawServer(answer, tls=context) as server:
        assert two_answers(server.base_url, trusting) == [b"1", b"2"]


@each_face
@pytest.mark.usefixtures("proxy")
def test_a_server_that_says_no_more_than_it_was_asked_keeps_its_connection(
    two_answers: TwoAnswers, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(FIRST + b"1")
        connection.recv(65536)
        connection.sendall(FIRST + b"2")
        connection.recv(65536)

    with RawServer(answer, tls=context) as server:
        assert two_answers(server.base_url, trusting) == [b"1", b"2"]
    assert len(server.heads) == 1


def test_httpcore_has_its_parser_where_it_is_looked_for() -> None:
    """The contract on private attributes of httpcore: without them nothing would be kept."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(FIRST + b"1" + UNASKED)
        connection.recv(65536)

    with RawServer(answer) as server, httpcore.ConnectionPool() as pool:
        origin = httpcore.Origin(b"http", b"127.0.0.1", server.port)
        with closing(pool.create_connection(origin)) as connection:
            # One that has not connected has no parser.
            assert has_leftover(connection)
            connection.handle_request(
                httpcore.Request("GET", server.base_url, headers={"Host": "wats"})
            ).read()
            assert has_leftover(connection)
