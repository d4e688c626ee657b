"""No frame of an exception that leaves a call over a transport holds a credential.

The credentials are those of the service's own client: its headers, and its proxy.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import (
    CallTransport,
    DirectTransport,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    instrument_httpx,
)
from pywats.sync import DirectRunner
from tests.faults.test_credentials_in_frames import (
    TOKEN,
    assert_no_credentials,
    echo_as_a_header,
    hang,
    reset,
    tls,
    too_long_a_header,
)
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import AsyncIterator

    from tests.tracing import Spans

__all__ = ["tls"]

Face = Callable[..., None]


class Service:
    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport) -> None:
        headers = {"Authorization": f"Basic {TOKEN}"}
        self.client = httpx.AsyncClient(
            base_url=base_url, transport=transport, headers=headers, timeout=30
        )

    async def get(self) -> object:
        return (await self.client.get("/")).content

    async def get_checked(self) -> object:
        return (await self.client.get("/")).raise_for_status().content

    async def signed(self) -> object:
        return (await self.client.get("/?q=1&sig=S3cr3tPassw0rd&page=2")).raise_for_status().content

    async def put(self) -> object:
        return (await self.client.put("/", content=self._pieces())).content

    async def aclose(self) -> None:
        await self.client.aclose()

    async def _pieces(self) -> AsyncIterator[bytes]:
        station = "station 7"
        yield b"piece"
        raise LookupError(station)


def direct(base_url: str, method: str = "get") -> None:
    made = Service(base_url, DirectTransport())
    _call(SyncServiceWrapper(made, SyncConfig(timeout=0.5), runner=DirectRunner()), method)


def call(base_url: str, method: str = "get") -> None:
    proxy = os.environ.get("http_proxy") or os.environ.get("https_proxy")
    made = Service(base_url, CallTransport(httpx.AsyncHTTPTransport(proxy=proxy)))
    del proxy
    _call(SyncServiceWrapper(made, SyncConfig(timeout=0.5)), method)


def call_by_environment(base_url: str, method: str = "get") -> None:
    made = Service(base_url, CallTransport())
    _call(SyncServiceWrapper(made, SyncConfig(timeout=0.5)), method)


def _call(face: Any, method: str) -> None:
    try:
        getattr(face, method)()
    finally:
        face.aclose()


def instrumented(base_url: str, method: str = "get") -> None:
    headers = {"Authorization": f"Basic {TOKEN}"}
    with instrument_httpx(httpx.Client(headers=headers, timeout=0.5)) as client:
        del headers
        received = client.get(base_url)
        if method == "get_checked":
            received.raise_for_status()


def interrupt(_: socket.socket, __: bytes) -> None:
    signal.raise_signal(signal.SIGINT)


FAULTS = [
    hang,
    reset,
    saying(b""),
    saying(b"?\r\n\r\n"),
    saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
    saying(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000),
    echo_as_a_header,
    too_long_a_header,
]
each_face = pytest.mark.parametrize("face", [direct, call, instrumented])
each_fault = pytest.mark.parametrize("fault", FAULTS)


@each_face
@each_fault
def test_directly(face: Face, fault: Any) -> None:
    with RawServer(fault) as server:
        assert_no_credentials(lambda: face(server.base_url))


@pytest.mark.parametrize("face", [direct, call])
def test_an_interrupt(face: Face) -> None:
    with RawServer(interrupt) as server:
        assert_no_credentials(lambda: face(server.base_url))


@each_face
def test_a_reason_phrase_that_repeats_them(face: Face) -> None:
    """It is in the message of httpx's own error, and in the representation of its response."""
    refusal = response(b"", status=f"403 not {TOKEN}".encode())
    with RawServer(saying(refusal)) as server, pytest.raises(httpx.HTTPStatusError) as caught:
        face(server.base_url, "get_checked")
    assert str(caught.value).startswith("Client error '403 not REDACTED' for url ")
    assert repr(caught.value.response) == "<Response [403 not REDACTED]>"


@pytest.mark.parametrize("runner", [DirectRunner(), None])
def test_a_signed_url_that_the_error_of_httpx_quotes(
    runner: DirectRunner | None, spans: Spans, caplog: pytest.LogCaptureFixture
) -> None:
    """The error is httpx's own, but the spans and log lines of pywats do not show the signature."""
    caplog.set_level(logging.INFO, "pywats")
    retry = RetryConfig(max_retries=1, max_backoff=0.01)
    config = SyncConfig(timeout=5, retry_enabled=True, retry=retry)
    with RawServer(saying(response(b"", status=b"503 Busy"))) as server:
        transport = CallTransport() if runner is None else DirectTransport()
        face = SyncServiceWrapper(Service(server.base_url, transport), config, runner=runner)
        with pytest.raises(httpx.HTTPStatusError):
            face.signed()
        face.aclose()
    of_pywats = [each for each in caplog.records if each.name.startswith("pywats.")]
    told = [each.getMessage() for each in of_pywats]
    told += [span.to_json() for span in spans.finished]
    assert {each.name for each in of_pywats} == {"pywats.http", "pywats.sync", "pywats.call"}
    assert "S3cr3tPassw0rd" not in "".join(told)
    assert sum("q=1&sig=REDACTED&page=2" in each for each in told) == 5


@each_face
@each_fault
def test_over_tls(
    face: Face, fault: Any, tls: tuple[ssl.SSLContext, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = tls
    monkeypatch.setenv("SSL_CERT_FILE", trusted)
    with RawServer(fault, tls=context) as server:
        assert_no_credentials(lambda: face(server.base_url))


@each_face
def test_a_certificate_that_is_refused(face: Face, tls: tuple[ssl.SSLContext, str]) -> None:
    context, _ = tls
    with RawServer(hang, tls=context) as server:
        assert_no_credentials(lambda: face(server.base_url))


@pytest.mark.parametrize("face", [direct, call, call_by_environment, instrumented])
@each_fault
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_through_a_proxy(
    face: Face, fault: Any, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(fault) as server:
        proxy = f"http://pu:Pr0xyPassw0rd@127.0.0.1:{server.port}"
        monkeypatch.setenv(f"{scheme}_proxy", proxy)
        del proxy
        assert_no_credentials(lambda: face(f"{scheme}://wats.example.com"))


@each_face
@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "ftp://x"]
)
def test_an_address_that_does_not_lead_to_a_server(face: Face, base_url: str) -> None:
    assert_no_credentials(lambda: face(base_url))


@pytest.mark.parametrize("face", [direct, call])
def test_what_the_service_itself_raises_keeps_its_variables(face: Face) -> None:
    with RawServer(hang, read_body=False) as server:
        with pytest.raises(LookupError) as caught:
            face(server.base_url, "put")
        assert_no_credentials(lambda: face(server.base_url, "put"))
    traceback = caught.value.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    assert traceback is not None
    assert traceback.tb_frame.f_locals["station"] == "station 7"
