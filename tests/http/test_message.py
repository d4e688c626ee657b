"""The form that a request has on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pywats.http import Request, Response
from pywats.http.endpoint import Endpoint
from pywats.http.message import MessageEncoder
from tests.http.faces import FACES
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.http.port import Method

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize("face", FACES)
def test_what_was_sent_is_told_to_the_end(face: Callable[..., Response]) -> None:
    told: list[tuple[int, int]] = []
    request = Request(
        method="PUT",
        template="/api/x",
        content=bytes(100_000),
        told=lambda done, total: told.append((done, total)),
    )
    # The server responds once it has the whole body.
    with RawServer(saying(OK)) as server:
        face(server.base_url, request)
    assert b"Content-Length: 100000\r\n" in server.heads[0]
    assert told == [(65536, 100_000), (100_000, 100_000)]


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    ("method", "content", "length"),
    [
        ("POST", None, b"0"),
        ("PUT", None, b"0"),
        ("PATCH", None, b"0"),
        ("POST", b"{}", b"2"),
        ("PUT", b"", b"0"),
        ("GET", None, None),
        ("DELETE", None, None),
    ],
)
def test_a_length_is_said_where_it_is_expected(
    face: Callable[..., Response], method: Method, content: bytes | None, length: bytes | None
) -> None:
    with RawServer(saying(OK)) as server:
        face(server.base_url, Request(method=method, template="/api/x", content=content))
    lines = server.heads[0].split(b"\r\n")
    said = [line.partition(b": ")[2] for line in lines if line.startswith(b"Content-Length")]
    assert said == ([] if length is None else [length])


async def test_the_pieces_of_a_body_can_be_sent_on_where_the_first_ones_ended() -> None:
    told: list[tuple[int, int]] = []
    request = Request(
        method="PUT",
        template="/api/x",
        content=bytes(70_000),
        told=lambda done, total: told.append((done, total)),
    )
    content: Any = (
        MessageEncoder(Endpoint("http://127.0.0.1:1", "")).encode(request, "/api/x", {}).content
    )
    pieces = aiter(content)
    assert [len(await anext(pieces))] + [len(piece) async for piece in pieces] == [65536, 4464]
    assert told == [(65536, 70_000), (70_000, 70_000)]
