"""The connection sends and understands what httpcore's own does, whatever bytes come and however.

httpcore reads and writes everything through h11; the connection of pywats only what it does not
recognise at a glance. So all of h11's checks hold for it: framing, lengths, characters, sizes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import h11
import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pywats.http.network.http1.connection import HTTP1Connection
from pywats.http.network.http1.message import Connection, Message
from pywats.http.network.http1.proxied import ProxiedConnection
from pywats.http.network.http1.response_head import recognise

if TYPE_CHECKING:
    from collections.abc import Iterable

ORIGIN = httpcore.Origin(b"http", b"wats", 80)
HOST = (b"Host", b"wats")


class Wire(httpcore.NetworkBackend, httpcore.NetworkStream):
    """Replies with fixed pieces, and keeps what is written.

    Args:
        pieces: What is read; then the connection ends.
        refuses: How many writes succeed before one fails; None for all.
    """

    def __init__(self, pieces: Iterable[bytes], refuses: int | None = None) -> None:
        self._pieces = [piece for piece in pieces if piece]
        self._refuses = refuses
        self.written = b""
        self.closed = False
        self._ended = False

    def connect_tcp(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        return self

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the interface
        piece = self._pieces.pop(0) if self._pieces else b""
        self._ended |= not piece
        if len(piece) > max_bytes:
            self._pieces.insert(0, piece[max_bytes:])
        return piece[:max_bytes]

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the interface
        if self._refuses is not None:
            if not self._refuses:
                raise httpcore.WriteError("refused")
            self._refuses -= 1
        self.written += buffer

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> Any:
        return self._ended if info == "is_readable" else None


@dataclass
class Outcome:
    """All that can be seen of an exchange."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    version: object = None
    reason: object = None
    body: bytes = b""
    error: tuple[type[BaseException], str] | None = None
    reusable: bool = False
    written: bytes = b""


def ours(wire: Wire) -> Connection:
    return HTTP1Connection(ORIGIN, None, 30.0, wire)


def theirs(wire: Wire) -> Connection:
    maker = httpcore.ConnectionPool(network_backend=wire, keepalive_expiry=30.0)
    return ProxiedConnection(maker.create_connection(ORIGIN))


def exchange(
    connection: Connection, wire: Wire, message: Message, *, compare_writes: bool = True
) -> Outcome:
    outcome = Outcome()
    try:
        response = connection.send(message)
        outcome.status, outcome.headers = response.status, response.headers
        outcome.version = response.extensions["http_version"]
        outcome.reason = response.extensions["reason_phrase"]
        for piece in response.iter_stream():
            outcome.body += piece
        response.close()
    except httpcore.ProtocolError as error:
        outcome.error = (type(error), str(error))
    except h11.LocalProtocolError as error:
        # httpcore lets it through where the body of a request does not fit its head.
        outcome.error = (httpcore.LocalProtocolError, str(error))
    outcome.reusable = (
        connection.is_idle() and not connection.has_expired() and not connection.has_leftover()
    )
    if compare_writes:
        outcome.written = wire.written
    return outcome


def message(
    method: str = "GET",
    headers: Iterable[tuple[bytes, bytes]] = (),
    content: bytes | Iterable[bytes] | None = None,
    target: bytes = b"/a?b",
) -> Message:
    return Message(method, b"http", b"wats", 80, target, [HOST, *headers], content)


NAMES = [b"Content-Length", b"content-length", b"Transfer-Encoding", b"Connection", b"Upgrade"]
names = st.sampled_from([*NAMES, b"X-A", b"x-a", b"Content-Type", b"Host", b"", b"a b", b"\xe9"])
values = st.sampled_from(
    [
        *(b"0", b"3", b"03", b"5", b"+3", b"-1", b"3, 3", b"3, 4", b"3 3", b"9" * 20, b"9" * 21),
        *(b"chunked", b"Chunked", b"gzip, chunked", b"identity", b"close", b"Keep-Alive"),
        *(b"keep-alive", b"keep-alive, close", b"h2c", b"", b" ", b"a\tb", b"\x01", b"caf\xe9"),
        *(b"a\x00b", b"a\rb", b"a\nb", b"a\x0bb", b"a\x0cb", b"a\r\nX-B: c", b" a ", b"a\r\n b"),
    ]
)
spaces = st.sampled_from([b" ", b" ", b"", b"\t", b"  "])
breaks = st.sampled_from([b"\r\n"] * 8 + [b"\n", b"\r", b"\r\n ", b"\r\n\t", b"\r\r\n"])


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Draw a header line, mostly a valid one."""
    name, before, value, after = draw(names), draw(spaces), draw(values), draw(spaces)
    colon = draw(st.sampled_from([b":"] * 8 + [b" :", b""]))
    return name + colon + before + value + after + draw(breaks)


@st.composite
def responses(draw: st.DrawFn) -> bytes:
    """Draw what a server sends: often an ordinary response, often nearly one."""
    version = draw(st.sampled_from([b"HTTP/1.1"] * 8 + [b"HTTP/1.0", b"HTTP/2.0", b"http/1.1"]))
    status = draw(
        st.sampled_from(
            [b"200"] * 8 + [b"204", b"304", b"404", b"100", b"101", b"099", b"20", b"999"]
        )
    )
    reason = draw(
        st.sampled_from([b" OK"] * 4 + [b"", b" ", b" a\tb\xe9", b" a\x00", b"OK", b" \x01"])
    )
    start = version + b" " + status + reason + draw(breaks)
    length = draw(st.sampled_from([b"Content-Length: 3\r\n"] * 3 + [b""]))
    fields = b"".join(draw(st.lists(lines(), max_size=3)))
    body = draw(
        st.sampled_from(
            [b"", b"ab", b"abc", b"abc", b"abcd", b"3\r\nabc\r\n0\r\n\r\n", b"3\r\nab", b"\r\n"]
        )
    )
    interim = draw(st.sampled_from([b""] * 5 + [b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\n"]))
    unasked = draw(st.sampled_from([b""] * 5 + [b"\r\n", b"HTTP/1.1 408 Late\r\n\r\n"]))
    return interim + start + length + fields + draw(breaks) + body + unasked


@st.composite
def cuts(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Cut the data anywhere."""
    at = sorted(draw(st.sets(st.integers(0, len(data)), max_size=3)))
    return [data[start:end] for start, end in zip([0, *at], [*at, len(data)], strict=True)]


@settings(max_examples=400)
@given(st.data(), responses(), st.sampled_from(["GET", "HEAD", "POST"]))
def test_a_response_is_read_as_httpcore_reads_it(
    data: st.DataObject, response: bytes, method: str
) -> None:
    pieces = data.draw(cuts(response))
    telling = data.draw(
        st.sampled_from([[]] * 4 + [[(b"Connection", b"close")], [(b"Upgrade", b"h2c")]])
    )
    request = message(method, [(b"Content-Length", b"0"), *telling])
    mine, other = Wire(pieces), Wire(pieces)
    assert exchange(ours(mine), mine, request) == exchange(theirs(other), other, request)


@settings(max_examples=200)
@given(st.lists(responses(), min_size=2, max_size=3))
def test_so_are_the_responses_to_one_request_after_the_other(replies: list[bytes]) -> None:
    mine, other = Wire(replies), Wire(replies)
    connection, reference = ours(mine), theirs(other)
    for _ in replies:
        outcome = exchange(connection, mine, message())
        assert outcome == exchange(reference, other, message())
        if not outcome.reusable:
            return


def test_a_response_that_ended_with_its_connection_leaves_none_to_use() -> None:
    wire = Wire([b"HTTP/1.1 200 OK\r\n\r\nabc"])
    connection = ours(wire)
    response = connection.send(message())
    assert b"".join(response.iter_stream()) == b"abc"
    assert not connection.is_idle()


@settings(max_examples=200)
@given(st.binary(max_size=40), st.data())
def test_so_are_bytes_that_are_not_http(junk: bytes, data: st.DataObject) -> None:
    pieces = data.draw(cuts(junk))
    mine, other = Wire(pieces), Wire(pieces)
    assert exchange(ours(mine), mine, message()) == exchange(theirs(other), other, message())


@settings(max_examples=400)
@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "CONNECT", "P T", "", "G\r\n"]),
    st.lists(st.tuples(names, values), max_size=4),
    st.sampled_from([b"/", b"/a?b=%20", b"*", b"", b"/a b", b"/a\r\n", b"/\xe9", b"/\x7f"]),
    st.sampled_from([None, b"", b"abc", [b"abc"], [b"ab", b"", b"c"], [], [b"abcd"], b"x" * 70000]),
)
def test_a_request_is_written_as_httpcore_writes_it_or_refused_like_it(
    method: str,
    headers: list[tuple[bytes, bytes]],
    target: bytes,
    content: bytes | list[bytes] | None,
) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
    request = message(method, headers, content, target)
    mine, other = Wire([reply]), Wire([reply])
    outcome, reference = (
        exchange(ours(mine), mine, request),
        exchange(theirs(other), other, request),
    )
    if outcome.error is not None:
        # A body that does not fit is found out once its head has left: by either, but not always
        # after the same pieces.
        outcome.written = reference.written = b""
    assert outcome == reference


@pytest.mark.parametrize(
    ("headers", "pieces"),
    [
        ([(b"Content-Length", b"5")], [b"abc"]),
        ([(b"Content-Length", b"5")], [b"abc", b"def"]),
        ([(b"Content-Length", b"5")], [b"abc", b"de"]),
        ([(b"Transfer-Encoding", b"Chunked")], [b"abc", b"", b"de"]),
        ([(b"Transfer-Encoding", b"chunked")], [b"abc", b"", b"de"]),
    ],
)
def test_a_body_in_pieces_fits_its_head_or_is_refused(
    headers: list[tuple[bytes, bytes]], pieces: list[bytes]
) -> None:
    outcomes = [
        exchange(make(wire), wire, message("PUT", headers, iter(pieces)))
        for make, wire in [(ours, Wire([ORDINARY])), (theirs, Wire([ORDINARY]))]
    ]
    assert outcomes[0].status == outcomes[1].status
    assert (outcomes[0].error is None) == (outcomes[1].error is None)
    if outcomes[0].error is None:
        assert outcomes[0].written.lower() == outcomes[1].written.lower()


@pytest.mark.parametrize("position", range(3))
def test_the_host_is_named_once_and_first(position: int) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    fields = [(b"X-A", b"1"), (b"X-B", b"2")]
    for several in ([], [HOST], [HOST, HOST]):
        headers = [*fields[:position], *several, *fields[position:]]
        request = Message("GET", b"http", b"wats", 80, b"/", headers, None)
        mine, other = Wire([reply]), Wire([reply])
        outcome = exchange(ours(mine), mine, request)
        assert outcome == exchange(theirs(other), other, request)
        assert (outcome.error is None) == (len(several) == 1)


@pytest.mark.parametrize("refuses", range(4))
@pytest.mark.parametrize("reply", [b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nabc", b""])
def test_a_response_before_the_end_of_the_upload_is_read_and_the_connection_closed(
    refuses: int, reply: bytes
) -> None:
    request = message("POST", [(b"Content-Length", b"200000")], b"x" * 200_000)
    mine, other = Wire([reply], refuses), Wire([reply], refuses)
    outcome = exchange(ours(mine), mine, request, compare_writes=False)
    assert outcome == exchange(theirs(other), other, request, compare_writes=False)
    if refuses < 2:
        assert not outcome.reusable


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX-Flood: " + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\n" + b"X-Flood: x\r\n" * 20_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Long: " + b"x" * 60_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Long: " + b"x" * 90_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Long: " + b"x" * 150_000 + b"\r\n\r\n",
    ],
)
def test_a_head_may_be_as_large_as_with_httpcore(head: bytes) -> None:
    mine, other = Wire([head]), Wire([head])
    assert exchange(ours(mine), mine, message()) == exchange(theirs(other), other, message())


ORDINARY = b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\nabc"


@pytest.mark.parametrize(
    ("response", "recognised"),
    [
        (ORDINARY, True),
        (ORDINARY.replace(b"\r\n\r\n", b"\r\nConnection: Keep-Alive\r\n\r\n"), True),
        (ORDINARY.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), False),
        (ORDINARY.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"), False),
        (ORDINARY.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n"), False),
        (ORDINARY.replace(b"\r\n\r\n", b"\r\n folded\r\n\r\n"), False),
        (ORDINARY.replace(b"\r\n", b"\n"), False),
        (ORDINARY.replace(b"1.1", b"1.0"), False),
        (ORDINARY.replace(b"200", b"100"), False),
        (ORDINARY.replace(b": 3", b": 3, 3"), False),
        (ORDINARY.replace(b"a/b", b"a\x00b"), False),
        (ORDINARY[:-8], False),
    ],
)
def test_only_ordinary_responses_are_recognised(response: bytes, recognised: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (recognise(response, "GET") is not None) is recognised


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + ORDINARY,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\nno longer HTTP",
    ],
)
def test_interim_responses_are_passed_over_except_a_change_of_protocol(response: bytes) -> None:
    request = message("GET", [(b"Connection", b"Upgrade"), (b"Upgrade", b"h2c")])
    mine, other = Wire([response]), Wire([response])
    outcome = exchange(ours(mine), mine, request)
    assert outcome == exchange(theirs(other), other, request)
    assert outcome.status == (200 if response.endswith(ORDINARY) else 101)
    assert outcome.error is None
