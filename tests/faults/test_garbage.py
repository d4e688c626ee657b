"""A call that is over leaves no cycle: its bodies go at once, not when the collector runs."""

from __future__ import annotations

import asyncio
import gc
import gzip
import socket
import ssl
import threading
import tracemalloc
import uuid
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme

from pywats import (
    AsyncWATS,
    CallTransport,
    DirectTransport,
    Outbox,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    instrument_httpx,
    pyWATS,
)
from pywats.errors import CallTimeoutError
from pywats.sync import DirectRunner, PortalRunner
from pywats.sync.runners import step
from tests.http.raw_server import RawServer, response, saying
from tests.http.tcp_server import TcpServer
from tests.http.transports.products import TOKEN
from tests.skipped_time import LIMIT, SkippedTime
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AUTHORITY = trustme.CA()
MEBIBYTE = 1024 * 1024
REPORT = uuid.UUID(int=7)
REPORT_XML = f"""\
<Reports xmlns="http://wats.virinco.com/schemas/WATS/Report/wsxf">\
<Report type="UUT" ID="{REPORT}" Start="2024-01-01T00:00:00Z" PN="P" SN="S" Rev="A"
    MachineName="m" Location="l" Purpose="p" Result="Passed"><Process Code="10"/></Report>\
</Reports>"""


def keep_silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


def keep_alive(connection: socket.socket, _: bytes) -> None:
    while True:
        connection.sendall(response(bytes(1000)))
        if not connection.recv(65536):
            return


OUTCOMES: dict[str, Callable[[socket.socket, bytes], None]] = {
    "a body": saying(response(bytes(1000))),
    "a body over a connection that is kept": keep_alive,
    "a compressed body": saying(response(gzip.compress(bytes(1000)), b"Content-Encoding: gzip")),
    "an error status": saying(response(b"Sorry", status=b"500 Oh")),
    "a status that is retried": saying(response(b"Later", status=b"503 Unavailable")),
    "a body that is cut off": saying(response(bytes(1000))[:-1]),
    "a body that does not decompress": saying(response(b"?", b"Content-Encoding: gzip")),
    "a body that is too large": saying(response(bytes(2000))),
    "no response": saying(b""),
    "not HTTP": saying(b"?\r\n\r\n"),
    "a timeout": keep_silent,
}


def wrapped(base_url: str, calls: int, **settings: object) -> None:
    async_settings = {name: value for name, value in settings.items() if name != "retry_config"}
    wrapper = SyncServiceWrapper(
        AsyncWATS(base_url, TOKEN, **async_settings),  # type: ignore[arg-type]  # a table of settings
        SyncConfig(timeout=settings["timeout"]),  # type: ignore[arg-type]
    )
    for _ in range(calls):
        with suppress(Exception):
            wrapper.report.get_all_attachments(REPORT)
    wrapper.close()


def blocking(base_url: str, calls: int, **settings: object) -> None:
    with pyWATS(base_url, TOKEN, **settings) as api:  # type: ignore[arg-type]  # a table of settings
        for _ in range(calls):
            with suppress(Exception):
                api.report.get_all_attachments(REPORT)


def asynchronous(base_url: str, calls: int, **settings: object) -> None:
    settings.pop("retry_config")

    async def main() -> None:
        async with AsyncWATS(base_url, TOKEN, **settings) as api:  # type: ignore[arg-type]  # a table of settings
            for _ in range(calls):
                with suppress(Exception):
                    await api.report.get_all_attachments(REPORT)

    asyncio.run(main())


class Service:
    """A service of one's own that reads a response.

    Args:
        base_url: Address of the server.
        transport: Carries the requests.
    """

    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport) -> None:
        self._client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=30)

    async def get(self) -> bytes:
        return (await self._client.get("/")).raise_for_status().content

    async def aclose(self) -> None:
        await self._client.aclose()


def own(service: Service, calls: int, runner: DirectRunner | None, **settings: object) -> None:
    config = SyncConfig(
        timeout=settings["timeout"],  # type: ignore[arg-type]  # a table of settings
        retry_enabled=True,
        retry=settings["retry_config"],  # type: ignore[arg-type]  # a table of settings
    )
    wrapper = SyncServiceWrapper(service, config, runner=runner)
    for _ in range(calls):
        with suppress(Exception):
            wrapper.get()
    wrapper.aclose()


def own_over_direct(base_url: str, calls: int, **settings: object) -> None:
    own(Service(base_url, DirectTransport()), calls, DirectRunner(), **settings)


def own_over_call(base_url: str, calls: int, **settings: object) -> None:
    own(Service(base_url, CallTransport()), calls, None, **settings)


def own_blocking(base_url: str, calls: int, **settings: object) -> None:
    """Make calls of an httpx.Client that is instrumented; it has no retries."""
    with httpx.Client(base_url=base_url, timeout=settings["timeout"]) as client:  # type: ignore[arg-type]  # a table of settings
        instrument_httpx(client)
        for _ in range(calls):
            with suppress(Exception):
                client.get("/").raise_for_status()


def keeping(base_url: str, calls: int, **settings: object) -> None:
    with TemporaryDirectory() as directory:
        api = pyWATS(base_url, TOKEN, outbox=Outbox(directory), **settings)  # type: ignore[arg-type]  # a table of settings
        for _ in range(calls):
            with suppress(Exception):
                api.report.submit_report_xml(REPORT_XML)
        api.close()


FACES = [blocking, asynchronous, wrapped]
OWN = [own_over_direct, own_over_call, own_blocking]


def is_of_a_call(each: object) -> bool:
    """Return whether something is of the library, or of what it is built on.

    Filters of log handlers are not: exporters that other tests have stopped let go of theirs when
    their threads end.
    """
    module = type(each).__module__
    return module.partition(".")[0] in {"pywats", "httpcore", "h11", "httpx"} and not (
        module.startswith("pywats.observability.logs.")
    )


@contextmanager
def no_cycles() -> Iterator[None]:
    """Assert that nothing of the library, and of what it is built on, waits for the collector."""
    gc.collect()
    # The second collection looks at what was made in between only, not at all that tests before
    # have imported: that took longer than the test itself.
    gc.freeze()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield
        gc.collect()
        left = [type(each) for each in gc.garbage if is_of_a_call(each)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert left == []


@pytest.mark.parametrize("face", [*FACES, *OWN, keeping])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_call_that_is_over_leaves_no_cycle(face: Callable[..., None], outcome: str) -> None:
    settings = {
        "timeout": 0.2 if outcome == "a timeout" else 10,
        "max_response_bytes": 1500,
        "retry_config": RetryConfig(max_retries=1, max_backoff=0.01),
    }
    with RawServer(OUTCOMES[outcome]) as server:
        face(server.base_url, 1, **settings)
        with no_cycles():
            face(server.base_url, 3, **settings)


class Stubborn:
    """Goes on after its caller has gone, and fails then."""

    def __init__(self, begun: Callable[[], None]) -> None:
        self._begun = begun
        self.released = threading.Event()

    async def work(self) -> None:
        self._begun()
        while not self.released.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)
        raise ConnectionError("nobody waits for it")


def test_nor_does_work_that_goes_on_after_its_call(
    skipped_time: SkippedTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "CLEAN_UP_WITHIN", 0.05)
    with PortalRunner(own_loop=True) as runner:
        loop = runner._keeper.loop()
        stubborn = Stubborn(skipped_time.skip)
        wrapper = SyncServiceWrapper(stubborn, SyncConfig(timeout=LIMIT), runner=runner)
        with no_cycles():
            with suppress(CallTimeoutError):
                wrapper.work()
            assert loop._tasks
            stubborn.released.set()
            eventually(lambda: not loop._tasks)


@pytest.fixture
def context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(made)
    return made


@pytest.fixture
def trusting() -> ssl.SSLContext:
    made = ssl.create_default_context()
    AUTHORITY.configure_trust(made)
    return made


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("way", ["TLS", "untrusted", "refused", "a proxy", "TLS through a proxy"])
def test_nor_does_a_way_to_the_server(
    face: Callable[..., None],
    way: str,
    context: ssl.SSLContext,
    trusting: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = {
        "timeout": 10,
        "verify_ssl": True if way == "untrusted" else trusting,
        "retry_config": RetryConfig(max_retries=0),
    }
    with ExitStack() as stack:
        body = saying(response(bytes(1000)))
        server = stack.enter_context(RawServer(body, tls=None if way == "a proxy" else context))
        base_url = server.base_url
        if way == "refused":
            with socket.create_server(("127.0.0.1", 0)) as closed:
                base_url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        elif way == "a proxy":
            monkeypatch.setenv("ALL_PROXY", base_url)
            base_url = "http://wats.invalid"
        elif way == "TLS through a proxy":
            refusing = stack.enter_context(TcpServer(lambda connection: connection.recv(65536)))
            monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{refusing.port}")
        face(base_url, 1, **settings)
        with no_cycles():
            face(base_url, 3, **settings)


@pytest.mark.parametrize("face", [*FACES, *OWN])
def test_24_bodies_of_16_mebibytes_fit_into_40_without_the_collector(
    face: Callable[..., None],
) -> None:
    body = bytes(16 * MEBIBYTE)

    def serve(connection: socket.socket, _: bytes) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            connection.sendall(body)
            if not connection.recv(65536):
                return

    with RawServer(serve) as server:
        settings = {"timeout": 30, "retry_config": RetryConfig(max_retries=0)}
        face(server.base_url, 1, **settings)
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            face(server.base_url, 24, **settings)
            kept, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            gc.enable()
    assert kept < MEBIBYTE
    assert peak < 40 * MEBIBYTE
