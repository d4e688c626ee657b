"""A method or a target that HTTP does not allow is refused before a connection is opened."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import CallTransport, DirectTransport, instrument_httpx
from pywats.errors import CallError
from tests.http.raw_server import RawServer, response, saying
from tests.http.transports.test_like_httpx import over_httpx, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tracing import Spans

    Send = Callable[[str, str, dict[str, Any]], int]

OK = response(b"{}", b"Connection: close")
SECRET = "S3cr3tPassw0rd"


def over(make: Callable[[], httpx.AsyncBaseTransport]) -> Send:
    def send(method: str, url: str, extensions: dict[str, Any]) -> int:
        async def use(client: httpx.AsyncClient) -> int:
            request = client.build_request("POST", url, extensions=extensions)
            # httpx would put it into upper case, and refuse what ASCII cannot encode.
            request.method = method
            return (await client.send(request)).status_code

        return run(make(), use)

    return send


def instrumented(method: str, url: str, extensions: dict[str, Any]) -> int:
    with instrument_httpx(httpx.Client()) as client:
        request = client.build_request("POST", url, extensions=extensions)
        request.method = method
        return client.send(request).status_code


def blocking(method: str, url: str, extensions: dict[str, Any]) -> int:
    with httpx.Client(transport=DirectTransport()) as client:
        request = client.build_request("POST", url, extensions=extensions)
        request.method = method
        return client.send(request).status_code


each_way = pytest.mark.parametrize(
    "send",
    [over(DirectTransport), over(CallTransport), over(over_httpx), instrumented, blocking],
    ids=["direct", "call", "over httpx", "instrumented", "blocking"],
)


def assert_refused(send: Send, method: str, extensions: dict[str, Any], said: str) -> str:
    """Send a request, which must be refused before a connection is opened; return the message."""
    with RawServer(saying(OK)) as server:
        with pytest.raises(httpx.LocalProtocolError, match=said) as caught:
            send(method, server.base_url, extensions)
        error = caught.value
        assert isinstance(error, CallError)
        assert not error.may_have_been_executed
        assert str(error).isprintable()
    assert server.connections == 0
    return str(error)


@each_way
@pytest.mark.parametrize(
    "method",
    ["GÉT", "東", "", " ", "G T", "GET ", "GET\r\nX: y", "GET\n", "GET\0", "G(T", "G/T", "\x1b[2J"],
)
def test_a_method_that_is_not_allowed(send: Send, method: str) -> None:
    message = assert_refused(send, method, {}, "a method of HTTP has at least one character")
    assert message.startswith(ascii(method))


@each_way
@pytest.mark.parametrize("method", ["M-SEARCH", "PROPFIND", "GET", "X" * 300, "!#$%&'*+-.^_`|~9a"])
def test_a_method_that_is_allowed(send: Send, method: str) -> None:
    with RawServer(saying(OK)) as server:
        assert send(method, server.base_url, {}) == 200
    assert server.heads[0].upper().startswith(method.upper().encode() + b" / HTTP/1.1\r\n")


@each_way
@pytest.mark.parametrize(
    "target",
    [
        "",
        b"",
        f"/é{SECRET}",
        f"/{SECRET} b",
        f"/{SECRET}\r\nX: y".encode(),
        b"/\xff",
        "/\0",
        b"/\x7f",
    ],
)
def test_a_target_that_is_not_allowed(send: Send, target: object) -> None:
    message = assert_refused(send, "POST", {"target": target}, "'target' must have visible ASCII")
    assert SECRET not in message


@each_way
@pytest.mark.parametrize("target", [7, None, ["/"], httpx.URL("/")])
def test_a_target_of_the_wrong_type(send: Send, target: object) -> None:
    kind = type(target).__name__
    assert_refused(send, "POST", {"target": target}, f"must be bytes or a string, not {kind}")


@each_way
@pytest.mark.parametrize("target", ["/a?b", b"/a?b", b"http://127.0.0.1/a?b", "*"])
def test_a_target_that_is_allowed(send: Send, target: str | bytes) -> None:
    with RawServer(saying(OK)) as server:
        assert send("OPTIONS", server.base_url, {"target": target}) == 200
    sent = target.encode() if isinstance(target, str) else target
    assert server.heads[0].startswith(b"OPTIONS " + sent + b" HTTP/1.1\r\n")


@each_way
@pytest.mark.parametrize(
    "name", [7, b"a.b", "a b", "a\0", ".a", "a..b", "a" * 64, "\ud800", "東 京"]
)
def test_a_name_for_tls_that_is_not_one(send: Send, name: object) -> None:
    assert_refused(send, "POST", {"sni_hostname": name}, "must be the name of a host or an IP add")


@each_way
@pytest.mark.parametrize("name", [None, "", "a.example", "A.example.", "東京.example", "::1"])
def test_a_name_for_tls_is_ignored_without_tls(send: Send, name: object) -> None:
    with RawServer(saying(OK)) as server:
        assert send("POST", server.base_url, {"sni_hostname": name}) == 200


@each_way
def test_a_log_line_cannot_be_forged_by_a_method(
    send: Send, caplog: pytest.LogCaptureFixture, spans: Spans
) -> None:
    caplog.set_level(logging.INFO, "pywats.http")
    assert_refused(send, "GET /\nERROR forged", {}, "a method of HTTP")
    (line,) = [each.getMessage() for each in caplog.records if each.name == "pywats.http"]
    assert line.isprintable()
    client = [span for span in spans.finished if span.name == "HTTP"]
    assert [(span.attributes or {})["http.request.method"] for span in client] == ["_OTHER"]
    originals = [(span.attributes or {})["http.request.method_original"] for span in client]
    assert all(str(each).isprintable() for each in originals)
