"""No frame of an exception that leaves a call, or a constructor, holds a credential."""

from __future__ import annotations

import asyncio
import base64
import signal
import socket
import ssl
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from pywats import AsyncWATS, SyncClientConfig, SyncWATSClient, pyWATS
from tests.http.raw_server import RawServer

Behaviour = Callable[[socket.socket, bytes], None]

TOKEN = base64.b64encode(b"station:S3cr3tPassw0rd").decode()
PROXY = base64.b64encode(b"pu:Pr0xyPassw0rd").decode()
CREDENTIALS = ("S3cr3tPassw0rd", "Pr0xyPassw0rd", TOKEN, PROXY)


def blocking(base_url: str) -> None:
    with pyWATS(base_url, timeout=0.5) as api:
        api.product.get_product("A")


def asynchronous(base_url: str) -> None:
    async def main() -> None:
        async with AsyncWATS(base_url, timeout=0.5) as api:
            await api.product.get_product("A")

    asyncio.run(main())


each_face = pytest.mark.parametrize("face", [blocking, asynchronous])


def hang(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def echo(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 500 no\r\nContent-Length: %d\r\n\r\n" % len(request) + request)


def echo_in_reason(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 407 %s\r\nContent-Length: 0\r\n\r\n" % b" ".join(request.split()))


def echo_as_garbage(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)


def echo_as_a_header(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n%s\r\n\r\n" % b" ".join(request.split()))


def echo_in_ok(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(request) + request)


def break_off(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + request)


def too_long_a_header(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: " + b" ".join(request.split()) * 2000)


def interrupt(_: socket.socket, __: bytes) -> None:
    signal.raise_signal(signal.SIGINT)


def tunnel_to_nothing(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"this is not TLS" * 100)


BEHAVIOURS = [
    hang,
    reset,
    echo,
    echo_in_reason,
    echo_as_garbage,
    echo_as_a_header,
    echo_in_ok,
    break_off,
    too_long_a_header,
    interrupt,
]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_TOKEN", TOKEN)


@each_face
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_direct(face: Callable[[str], None], behaviour: Behaviour) -> None:
    with RawServer(behaviour) as server:
        assert_no_credentials(lambda: face(server.base_url))


@each_face
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_over_tls(
    face: Callable[[str], None],
    behaviour: Behaviour,
    tls: tuple[ssl.SSLContext, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context, trusted = tls
    monkeypatch.setenv("SSL_CERT_FILE", trusted)
    with RawServer(behaviour, tls=context) as server:
        assert_no_credentials(lambda: face(server.base_url))


@each_face
def test_a_certificate_that_is_refused(
    face: Callable[[str], None], tls: tuple[ssl.SSLContext, str]
) -> None:
    context, _ = tls
    with RawServer(hang, tls=context) as server:
        assert_no_credentials(lambda: face(server.base_url))


@each_face
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_through_a_proxy(
    face: Callable[[str], None], behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(behaviour) as server:
        monkeypatch.setenv("http_proxy", f"http://pu:Pr0xyPassw0rd@127.0.0.1:{server.port}")
        assert_no_credentials(lambda: face("http://wats.example.com"))


@each_face
@pytest.mark.parametrize("behaviour", [*BEHAVIOURS, tunnel_to_nothing])
def test_through_a_tunnel(
    face: Callable[[str], None], behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(behaviour) as server:
        monkeypatch.setenv("https_proxy", f"http://pu:Pr0xyPassw0rd@127.0.0.1:{server.port}")
        assert_no_credentials(lambda: face("https://wats.example.com"))


@each_face
@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "ftp://x"]
)
def test_an_address_that_does_not_lead_to_a_server(
    face: Callable[[str], None], base_url: str
) -> None:
    assert_no_credentials(lambda: face(base_url))


@each_face
@pytest.mark.parametrize("proxy", ["http://pu:Pr0xyPassw0rd@", "http://pu:Pr0xyPassw0rd@h:x"])
def test_a_proxy_that_is_not_one(
    face: Callable[[str], None], proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    del proxy
    assert_no_credentials(lambda: face("http://wats.example.com"))


@pytest.mark.parametrize("client", [pyWATS, AsyncWATS, SyncClientConfig])
@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "nowhere/"},
        {"base_url": TOKEN},
        {"base_url": "https://u:S3cr3tPassw0rd@h"},
        {"base_url": "https://u:S3cr3tPassw0rd/@h"},
        {"base_url": "https://x", "timeout": -1},
        {"base_url": "https://x", "token": TOKEN},
    ],
    ids=["address", "swapped", "userinfo", "no port", "timeout", "both"],
)
def test_constructors(client: type[object], settings: Mapping[str, object]) -> None:
    given = {"username": "station", "password": "S3cr3tPassw0rd", **settings}

    def fail() -> None:
        made = client(**given)
        assert isinstance(made, SyncClientConfig)
        SyncWATSClient(made)

    assert_no_credentials(fail, mine=1)


def test_headers_that_http_does_not_allow() -> None:
    def fail() -> None:
        with pyWATS("http://127.0.0.1:1", "bad\ntoken" + TOKEN) as api:
            api.product.get_product("A")

    assert_no_credentials(fail, mine=1)


def test_the_exception_that_the_caller_is_handling_keeps_its_variables() -> None:
    def own() -> None:
        station = "station 7"
        raise LookupError(station)

    def fail() -> None:
        try:
            own()
        except LookupError:
            blocking("http://127.0.0.1:1")

    with pytest.raises(ConnectionError) as caught:
        fail()
    context = caught.value.__context__
    while context is not None and not isinstance(context, LookupError):
        context = context.__context__
    assert context is not None
    last = list(traceback.walk_tb(context.__traceback__))[-1][0]
    assert last.f_locals == {"station": "station 7"}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    import trustme  # noqa: PLC0415 - for two of the tests

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, str(file)


def assert_no_credentials(fail: Callable[[], object], mine: int = 0) -> None:
    """Call the function, which must raise, and look for credentials in what it raised.

    Args:
        fail: Raises an exception.
        mine: How many frames at the start of the traceback are those of the test.
    """
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - any of them, Ctrl-C included
        fail()
    found = list(findings(caught.value, mine))
    assert not found


def findings(error: BaseException, mine: int) -> Iterator[str]:
    """Yield where in an exception, its causes and its contexts there is a credential."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        text = "".join(traceback.format_exception_only(each)) + repr(each.args)
        if any(credential in text for credential in CREDENTIALS):
            yield text
        frames = [frame for frame, _ in traceback.walk_tb(each.__traceback__)]
        for frame in frames[1 + mine if each is error else 0 :]:
            for name, value in frame.f_locals.items():
                text = "\n".join(texts(value))
                if any(credential in text for credential in CREDENTIALS):
                    yield f"{frame.f_code.co_filename}:{frame.f_code.co_name}: {name}"
        waiting += (each.__cause__, each.__context__)


def texts(value: object, depth: int = 6) -> Iterator[str]:
    """Yield what an error tracker reads of a value: its representation, and what it contains."""
    yield repr(value)
    if not depth:
        return
    inside: list[object] = []
    if isinstance(value, Mapping):
        inside = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        inside = list(value)
    elif isinstance(value, bytes | bytearray | memoryview):
        yield bytes(value).decode("latin-1")
    elif is_dataclass(value) and not isinstance(value, type):
        inside = [getattr(value, each.name, None) for each in fields(value) if each.repr]
    for each in inside:
        yield from texts(each, depth - 1)
