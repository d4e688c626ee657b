"""Proxies that the environment names, for a service of one's own over either transport."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import CallTransport, DirectTransport
from tests.http.network.proxies.test_environment import relay
from tests.http.network.proxies.test_socks import SocksServer
from tests.http.raw_server import RawServer, response, saying
from tests.http.tcp_server import TcpServer
from tests.http.transports.services import WRAPS, over_call

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from pathlib import Path

    import trustme

    from tests.http.transports.services import Wrap
    from tests.tracing import Spans

OK = response(b"{}", b"Connection: close")
PASSWORD = "Pr0xyPassw0rd"
ENCODED = "c3RhdGlvbjpQcjB4eVBhc3N3MHJk"
each_wrap = pytest.mark.parametrize("wrap", WRAPS)


def forecast(wrap: Wrap, base_url: str, **options: Any) -> object:
    weather = wrap(base_url, **options)
    try:
        return weather.forecast("Oslo")
    finally:
        weather.aclose()


@each_wrap
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_request_goes_through_the_proxy_with_its_credentials(
    wrap: Wrap, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(saying(OK)) as proxy:
        monkeypatch.setenv(variable, f"http://station:{PASSWORD}@127.0.0.1:{proxy.port}")
        assert forecast(wrap, "http://wats.invalid") == {}
    (head,) = proxy.heads
    assert head.startswith(b"GET http://wats.invalid/forecast/Oslo HTTP/1.1\r\n")
    assert b"\r\nproxy-authorization: basic " + ENCODED.encode().lower() in head.lower()


class Tunnel:
    """An HTTP proxy that leads to one server, whatever it is asked for."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __call__(self, connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self._port)) as onward:
            relay(connection, onward)


@pytest.fixture
def tunnelled(
    context: ssl.SSLContext,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[RawServer, RawServer]]:
    """Start a server that speaks TLS, and a proxy that the environment names for it."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with RawServer(saying(OK), tls=context) as server, RawServer(Tunnel(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        yield server, proxy


@each_wrap
def test_tls_goes_through_a_tunnel(wrap: Wrap, tunnelled: tuple[RawServer, RawServer]) -> None:
    server, proxy = tunnelled
    assert forecast(wrap, server.base_url) == {}
    assert proxy.heads[0].startswith(f"CONNECT 127.0.0.1:{server.port} ".encode())
    assert server.heads[0].startswith(b"GET /forecast/Oslo ")


@each_wrap
def test_a_socks_proxy(wrap: Wrap, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(saying(OK)) as server:
        # httpcore, inside a CallTransport, takes what it reads first for the whole message.
        at_once = wrap is over_call
        socks = SocksServer(server.port, password=PASSWORD.encode(), at_once=at_once)
        with TcpServer(socks) as proxy:
            monkeypatch.setenv("ALL_PROXY", f"socks5://station:{PASSWORD}@127.0.0.1:{proxy.port}")
            assert forecast(wrap, "http://wats.invalid") == {}
    assert socks.asked == [(3, b"wats.invalid", 80)]
    assert server.heads[0].startswith(b"GET /forecast/Oslo ")


@each_wrap
@pytest.mark.parametrize(
    ("exceptions", "direct"),
    [
        ("*", True),
        ("127.0.0.1", True),
        ("10.0.0.0/8, 127.0.0.0/8", True),
        ("127.0.0.1:{port}", True),
        ("127.0.0.1:1", False),
        ("10.0.0.0/8", False),
        ("", False),
    ],
)
def test_exceptions(
    wrap: Wrap,
    exceptions: str,
    direct: bool,  # noqa: FBT001 - parameters of a table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(saying(OK)) as server, RawServer(saying(OK)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        monkeypatch.setenv("NO_PROXY", exceptions.format(port=server.port))
        assert forecast(wrap, server.base_url) == {}
    assert (len(server.heads), len(proxy.heads)) == ((1, 0) if direct else (0, 1))


@each_wrap
def test_the_environment_can_be_left_out(wrap: Wrap, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(saying(OK)) as server:
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        assert forecast(wrap, server.base_url, trust_env=False) == {}


@pytest.mark.parametrize("transport", [CallTransport, DirectTransport])
def test_what_is_not_true_or_false_is_refused(transport: Any) -> None:
    with pytest.raises(TypeError, match="trust_env='no'"):
        transport(trust_env="no")


@each_wrap
@pytest.mark.parametrize("address", [f"http://station:{PASSWORD}@", f"http://s:{PASSWORD}@h:x"])
def test_a_proxy_that_cannot_be_used_is_refused_by_its_variable(
    wrap: Wrap, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", address)
    with pytest.raises(ValueError, match="HTTP_PROXY in the environment: must be") as caught:
        forecast(wrap, "http://wats.invalid")
    assert PASSWORD not in str(caught.value)


@each_wrap
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_credentials_for_the_proxy_are_shown_nowhere(
    wrap: Wrap,
    scheme: str,
    spans: Spans,
    log_lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def repeat(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 407 No\r\n%s\r\n\r\n" % b" ".join(request.split()))

    with RawServer(repeat) as proxy:
        address = f"http://station:{PASSWORD}@127.0.0.1:{proxy.port}"
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", address)
        weather = wrap(f"{scheme}://wats.invalid")
        with pytest.raises(httpx.TransportError) as caught:
            weather.forecast("Oslo")
        shown = [str(caught.value), repr(caught.value), repr(vars(caught.value)), *log_lines]
        shown += [span.to_json() for span in spans.finished]
        weather.aclose()
    assert ENCODED.encode() in proxy.heads[0]
    assert "Oslo" in "".join(shown)
    assert not any(secret in text for secret in (PASSWORD, ENCODED) for text in shown)


def test_connections_through_a_proxy_are_made_anew_in_another_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def get() -> int:
        return (await client.get("http://wats.invalid")).status_code

    transport = CallTransport()
    client = httpx.AsyncClient(transport=transport)
    with RawServer(saying(OK)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        assert [asyncio.run(get()) for _ in range(2)] == [200, 200]
        asyncio.run(client.aclose())
    assert len(proxy.heads) == 2


@each_wrap
@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/a?b", b"http://wats.invalid/a?b"),
        (b"/a?b", b"http://wats.invalid/a?b"),
        (b"*", b"http://wats.invalid"),
        (b"http://wats.invalid/a?b", b"http://wats.invalid/a?b"),
        ("http://wats.invalid/a?b", b"http://wats.invalid/a?b"),
        (b"http://other.invalid:81/c", b"http://other.invalid:81/c"),
    ],
)
def test_the_extension_target_names_the_host_once(
    wrap: Wrap, target: object, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy gets an absolute URL (RFC 9112 section 3.2.2)."""
    with RawServer(saying(OK)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        weather = wrap("http://wats.invalid")
        assert weather.order("large", extensions={"target": target}) == {}
        weather.aclose()
    assert proxy.heads[0].startswith(b"POST " + sent + b" HTTP/1.1\r\n")


@each_wrap
@pytest.mark.parametrize("target", [b"*", b"/a?b", b"https://other.invalid/c"])
def test_the_extension_target_is_sent_through_a_tunnel_as_it_is(
    wrap: Wrap, target: bytes, tunnelled: tuple[RawServer, RawServer]
) -> None:
    server, _ = tunnelled
    weather = wrap(server.base_url)
    assert weather.order("large", extensions={"target": target}) == {}
    weather.aclose()
    assert server.heads[0].startswith(b"POST " + target + b" HTTP/1.1\r\n")
