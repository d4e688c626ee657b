"""A header that HTTP does not allow is refused before anything is sent, and named."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats import instrument_httpx
from pywats.errors import CallError
from pywats.http.transports.header_check import MAX_VALUE_BYTES
from tests.http.raw_server import RawServer, response, saying
from tests.http.transports.services import WRAPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.http.transports.services import Wrap

OK = response(b"{}", b"Connection: close")
SECRET = b"S3cr3tPassw0rd"


def over(wrap: Wrap) -> Callable[[str, dict[bytes, bytes]], object]:
    def order(base_url: str, headers: dict[bytes, bytes]) -> object:
        weather = wrap(base_url)
        try:
            return weather.order("large", headers=headers)
        finally:
            weather.aclose()

    return order


def instrumented(base_url: str, headers: dict[bytes, bytes]) -> object:
    with instrument_httpx(httpx.Client()) as client:
        return client.post(base_url, headers=headers).json()


each_way = pytest.mark.parametrize(
    "order",
    [*(over(wrap) for wrap in WRAPS), instrumented],
    ids=["direct", "call", "instrumented"],
)


@each_way
@pytest.mark.parametrize("name", [b"X-Station", b"Authorization"])
@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (SECRET + b"\n", "a line break"),
        (b"a\n" + SECRET, "a line break"),
        (b"a\r" + SECRET, "a line break"),
        (b"a\r\nX-Other: " + SECRET, "a line break"),
        (b"a\r\n " + SECRET, "a line break"),
        (SECRET + b"\0", "a NUL character"),
        (b" " + SECRET, "a space at its start or end"),
        (SECRET + b"\t", "a space at its start or end"),
        (b"a\v" + SECRET, "a vertical tab"),
        (b"a\f" + SECRET, "a form feed"),
        (SECRET * 10_000, f"140000 bytes, and at most {MAX_VALUE_BYTES}"),
    ],
)
def test_a_value_that_is_not_allowed(
    order: Callable[[str, dict[bytes, bytes]], object], name: bytes, value: bytes, fault: str
) -> None:
    with RawServer(saying(OK)) as server:
        with pytest.raises(httpx.LocalProtocolError, match=repr(name.decode())) as caught:
            order(server.base_url, {name: value})
        error = caught.value
        assert isinstance(error, CallError)
        assert not error.may_have_been_executed
        assert fault in str(error)
        assert SECRET.decode() not in f"{error}{error!r}{error.__cause__}{error.__context__}"
    assert server.connections == 0


@each_way
@pytest.mark.parametrize("name", [b"X Station", b"X-Station:", b"X-Station\n", b"", b"X\0"])
def test_a_name_that_is_not_allowed(
    order: Callable[[str, dict[bytes, bytes]], object], name: bytes
) -> None:
    with RawServer(saying(OK)) as server:
        with pytest.raises(httpx.LocalProtocolError, match="a name that HTTP does not") as caught:
            order(server.base_url, {name: SECRET})
        assert SECRET.decode() not in str(caught.value)
    assert server.connections == 0


@each_way
@pytest.mark.parametrize(
    "value", [b"", b"a b", b"a\tb", "Würth".encode("latin-1"), "東".encode(), b"x" * 20_000]
)
def test_a_value_that_is_allowed_is_sent_as_it_is(
    order: Callable[[str, dict[bytes, bytes]], object], value: bytes
) -> None:
    with RawServer(saying(OK)) as server:
        assert order(server.base_url, {b"X-Station": value}) == {}
    assert b"\r\nX-Station: " + value + b"\r\n" in server.heads[0]


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_text_that_is_not_ascii_is_refused_by_httpx(wrap: Wrap) -> None:
    # Not by a transport, which gets bytes.
    weather = wrap("http://127.0.0.1:1")
    with pytest.raises(UnicodeEncodeError, match="'ascii' codec can't encode"):
        weather.order("large", headers={"X-Station": "東"})
    weather.aclose()


def over_httpx(base_url: str, headers: dict[bytes, bytes]) -> object:
    async def order() -> object:
        async with instrument_httpx(httpx.AsyncClient()) as client:
            return (await client.post(base_url, headers=headers, content=b"abc")).json()

    return asyncio.run(order())


@pytest.mark.parametrize(
    "order",
    [*(over(wrap) for wrap in WRAPS), instrumented, over_httpx],
    ids=["direct", "call", "instrumented", "over httpx"],
)
@pytest.mark.parametrize(
    "headers",
    [
        {b"Content-Length": b"abc"},
        {b"Content-Length": b"3", b"content-length": b"4"},
        {b"Host": b"a", b"host": b"b"},
        {b"Transfer-Encoding": b"gzip"},
    ],
)
def test_headers_that_contradict_each_other_are_refused_before_anything_is_sent(
    order: Callable[[str, dict[bytes, bytes]], object], headers: dict[bytes, bytes]
) -> None:
    with RawServer(saying(OK)) as server:
        with pytest.raises(httpx.LocalProtocolError) as caught:
            order(server.base_url, headers)
        error = caught.value
        assert isinstance(error, CallError)
        assert not error.may_have_been_executed
    assert server.heads == []
