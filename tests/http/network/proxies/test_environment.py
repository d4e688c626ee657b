"""The proxy that the environment names, for every form of host and exception."""

from __future__ import annotations

import select
import socket
import ssl
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import trustme

from pywats.http import ConnectionSettings, Endpoint, Response, parse_base_url
from pywats.http.network.proxies.environment import environment_proxy, is_excepted
from tests.http.faces import FACES
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    Face = Callable[..., Response]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
each_face = pytest.mark.parametrize("face", FACES)


def chosen(base_url: str) -> str | None:
    proxy = environment_proxy(Endpoint(parse_base_url(base_url), ""), ConnectionSettings())
    return None if proxy is None else str(proxy.url)


@pytest.mark.parametrize(
    ("variables", "for_http", "for_https"),
    [
        ({}, None, None),
        ({"HTTP_PROXY": "http://a:1"}, "http://a:1", None),
        ({"http_proxy": "http://a:1", "HTTP_PROXY": "http://b:1"}, "http://a:1", None),
        ({"HTTPS_PROXY": "http://a:1"}, None, "http://a:1"),
        ({"ALL_PROXY": "http://a:1"}, "http://a:1", "http://a:1"),
        ({"all_proxy": "http://a:1", "https_proxy": "http://b:1"}, "http://a:1", "http://b:1"),
        ({"ALL_PROXY": "http://a:1", "HTTP_PROXY": ""}, "http://a:1", "http://a:1"),
        ({"ALL_PROXY": "http://a:1", "NO_PROXY": "*"}, None, None),
        ({"ALL_PROXY": "a:1"}, "http://a:1", "http://a:1"),
        ({"ALL_PROXY": "http://[::1]:3128"}, "http://[::1]:3128", "http://[::1]:3128"),
        ({"FTP_PROXY": "http://a:1"}, None, None),
    ],
)
def test_which_variable_counts(
    variables: dict[str, str],
    for_http: str | None,
    for_https: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert chosen("http://wats.example") == for_http
    assert chosen("https://wats.example") == for_https


@pytest.mark.parametrize(
    ("exceptions", "excepted", "others"),
    [
        ("", [], ["http://wats.example"]),
        ("*", ["http://wats.example", "http://10.0.0.1", "http://[::1]"], []),
        (
            "wats.example",
            ["http://wats.example", "https://a.wats.example:8443", "http://WATS.Example."],
            ["http://notwats.example", "http://example", "http://wats.example.org"],
        ),
        (
            ".wats.example",
            ["http://wats.example", "http://a.wats.example"],
            ["http://xwats.example"],
        ),
        ("*.wats.example", ["http://a.wats.example"], ["http://xwats.example"]),
        ("WATS.example.", ["http://wats.example", "http://wats.example."], []),
        ("bücher.example", ["http://xn--bcher-kva.example", "http://bücher.example"], []),
        ("wats.example:8080", ["http://wats.example:8080"], ["http://wats.example"]),
        ("wats.example:443", ["https://wats.example"], ["http://wats.example"]),
        ("10.1.2.3", ["http://10.1.2.3", "https://10.1.2.3:8443"], ["http://10.1.2.30"]),
        ("10.1.2.3:80", ["http://10.1.2.3"], ["https://10.1.2.3"]),
        (
            "10.0.0.0/8",
            ["http://10.1.2.3"],
            ["http://11.1.2.3", "http://10.example", "http://[::1]"],
        ),
        ("10.1.2.3/8", ["http://10.200.0.1"], ["http://11.1.2.3"]),
        ("fd00::/8", ["http://[fd12::1]"], ["http://[fe80::1]", "http://10.0.0.1"]),
        ("[fd00::]/8", ["http://[fd12::1]"], ["http://[fe80::1]"]),
        ("fe80::1", ["http://[fe80::1%25eth0]", "http://[FE80:0::1]"], ["http://[fe80::2]"]),
        ("[::1]", ["http://[::1]:8080"], ["http://[::2]"]),
        ("[::1]:8080", ["http://[::1]:8080"], ["http://[::1]"]),
        ("10.1.2.3", ["http://[::ffff:10.1.2.3]"], []),
        ("10.0.0.0/8", ["http://[::ffff:10.1.2.3]"], []),
        ("a, b c,,d", ["http://a", "http://b", "http://c", "http://d"], ["http://e"]),
        ("localhost, 127.0.0.0/8", ["http://127.0.0.1", "http://localhost"], ["http://wats"]),
        ("10.0.0.0/99,x:port,[::1,..,/", [], ["http://10.0.0.1", "http://x", "http://[::1]"]),
        ("http://x", ["http://x", "http://x:81", "http://a.x"], ["https://x", "http://y"]),
        ("https://x:1,ALL://y", ["https://x:1", "http://y", "https://y"], ["https://x"]),
        ("http://[::1],://x,ftp://y", ["http://[::1]"], ["http://x", "http://y", "http://[::2]"]),
    ],
)
def test_exceptions(
    exceptions: str, excepted: list[str], others: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://a:1")
    monkeypatch.setenv("NO_PROXY", exceptions)
    assert [chosen(each) for each in excepted] == [None] * len(excepted)
    assert [chosen(each) for each in others] == ["http://a:1"] * len(others)


def test_the_exceptions_of_the_system_count_without_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"http": "http://a:1"})
    monkeypatch.setattr("urllib.request.proxy_bypass", lambda host: host == "[::1]")
    assert chosen("http://[::1]") is None
    assert chosen("http://[::2]") == "http://a:1"


def test_a_name_below_an_exception_of_its_own() -> None:
    assert is_excepted("http", "a.b", 80, "b")
    assert not is_excepted("http", "a.b", 80, "a")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_socks_proxy_without_its_package_is_refused(
    variable: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv(variable, f"{scheme}://me:hunter2@127.0.0.1:1")
    with pytest.raises(ValueError, match=rf"^{variable} in the .*'pywats\[socks\]'") as caught:
        chosen("http://wats")
    assert "hunter2" not in str(caught.value)


HOSTS = {
    "127.0.0.1": "127.0.0.1",
    "wats.example": "wats.example",
    "WATS.Example.": "wats.example.",
    "bücher.example": "xn--bcher-kva.example",
    "[2001:db8::7]": "[2001:db8::7]",
    "[2001:DB8:0::7]": "[2001:db8::7]",
    "[fe80::1%25eth0]": "[fe80::1]",
}


@each_face
@pytest.mark.parametrize("port", ["", ":8443"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", HOSTS)
def test_how_a_proxy_is_told_the_host(
    face: Face, host: str, scheme: str, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = saying(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    with RawServer(refused) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.base_url)
        with pytest.raises(Exception, match="400 Bad Request"):
            face(parse_base_url(f"{scheme}://{host}{port}"))
    line, *fields = proxy.heads[0].decode().split("\r\n")
    name = HOSTS[host]
    if scheme == "http":
        assert line == f"GET http://{name}{port}/api/Product/A HTTP/1.1"
        assert f"Host: {name}{port}" in fields
    else:
        assert line == f"CONNECT {name}{port or ':443'} HTTP/1.1"
        assert f"Host: {name}{port or ':443'}" in fields


@each_face
@pytest.mark.parametrize("through_proxy", [False, True], ids=["direct", "proxy"])
@pytest.mark.parametrize("name", ["wats.test", "WATS.test.", "bücher.test", "[::1]"])
def test_the_name_in_tls_and_certificate(
    face: Face,
    through_proxy: bool,  # noqa: FBT001 - a parameter of the table
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("wats.test", "xn--bcher-kva.test", "::1").configure_cert(context)
    asked: list[str | None] = []
    context.sni_callback = lambda _, asked_for, __: asked.append(asked_for)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    look_up = socket.getaddrinfo

    def resolve(host: str, port: int, *options: int) -> object:
        return look_up("127.0.0.1" if ".test" in host or ":" in host else host, port, *options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    def tunnel(client: socket.socket, _: bytes) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as onward:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(client, onward)

    with RawServer(saying(OK), tls=context) as server, RawServer(tunnel) as proxy:
        if through_proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
        base_url = parse_base_url(f"https://{name}:{server.port}")
        assert face(base_url, settings=ConnectionSettings(trusting)).content == b"{}"
    host = Endpoint(base_url, "").host_header
    assert f"\r\nHost: {host}\r\n".encode() in server.heads[0]
    expected = {"wats.test": "wats.test", "WATS.test.": "wats.test", "[::1]": None}
    assert asked == [expected.get(name, "xn--bcher-kva.test")]
    if through_proxy:
        assert proxy.heads[0].startswith(f"CONNECT {host} HTTP/1.1\r\n".encode())


def relay(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on in both directions, until either side has ended."""
    while True:
        pending = isinstance(one, ssl.SSLSocket) and one.pending()
        for source in [one] if pending else select.select([one, other], [], [], 120)[0]:
            data = source.recv(65536)
            if not data:
                return
            # A side that takes no more may have said why.
            with suppress(OSError):
                (other if source is one else one).sendall(data)
