"""No frame shows what a program gives to its own httpx client: auth=, headers=, URL and proxy."""

from __future__ import annotations

import traceback
from contextlib import closing
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
    hang,
    reset,
)
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[[str, str], object]

FAULTS = [hang, reset, saying(b"?\r\n\r\n"), saying(response(b"", status=b"503 Busy"))]


class Service:
    """Gives credentials in each way that httpx has."""

    def __init__(self, client: httpx.AsyncClient, base_url: str) -> None:
        self.client = client
        self.authority = base_url.partition("://")[2]

    async def auth(self) -> None:
        url = f"http://{self.authority}"
        await self.checked(self.client.get(url, auth=("station", "S3cr3tPassw0rd")))

    async def headers(self) -> None:
        url = f"http://{self.authority}"
        await self.checked(self.client.get(url, headers={"X-Api-Key": "S3cr3tPassw0rd"}))

    async def params(self) -> None:
        url = f"http://{self.authority}"
        await self.checked(self.client.get(url, params={"q": "S3cr3tPassw0rd"}))

    async def userinfo(self) -> None:
        await self.checked(self.client.get(f"http://station:S3cr3tPassw0rd@{self.authority}/a"))

    async def port(self) -> None:
        await self.checked(self.client.get(f"http://station:S3cr3tPassw0rd@{self.authority}x"))

    async def scheme(self) -> None:
        await self.checked(self.client.get(f"ftp://station:S3cr3tPassw0rd@{self.authority}"))

    async def no_scheme(self) -> None:
        await self.checked(self.client.get(f"station:S3cr3tPassw0rd@{self.authority}"))

    async def checked(self, request: Any) -> None:
        try:
            received = await request
        finally:
            # An error tracker shows what a variable holds.
            del request
        if received.is_error:
            raise LookupError(received.status_code)

    async def aclose(self) -> None:
        await self.client.aclose()


def direct(base_url: str, method: str) -> None:
    client = httpx.AsyncClient(transport=DirectTransport(), timeout=0.3)
    face = SyncServiceWrapper(Service(client, base_url), runner=DirectRunner())
    with closing(_Closing(face)):
        getattr(face, method)()


def over(make: Callable[[], httpx.AsyncClient]) -> Way:
    def call(base_url: str, method: str) -> None:
        face = SyncServiceWrapper(Service(make(), base_url))
        with closing(_Closing(face)):
            getattr(face, method)()

    return call


class _Closing:
    def __init__(self, face: Any) -> None:
        self._face = face

    def close(self) -> None:
        self._face.aclose()


WAYS: dict[str, Way] = {
    "direct": direct,
    "call": over(lambda: httpx.AsyncClient(transport=CallTransport(), timeout=0.3)),
    "wrapped": over(
        lambda: httpx.AsyncClient(transport=CallTransport(httpx.AsyncHTTPTransport()), timeout=0.3)
    ),
    "instrumented": over(lambda: instrument_httpx(httpx.AsyncClient(timeout=0.3))),
    "httpx alone": over(lambda: httpx.AsyncClient(timeout=0.3)),
}
each_way = pytest.mark.parametrize("way", WAYS)


@each_way
@pytest.mark.parametrize("method", ["auth", "headers", "params", "userinfo"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_request_that_fails(way: str, method: str, fault: Any) -> None:
    with RawServer(fault) as server:
        assert_no_credentials(lambda: WAYS[way](server.base_url, method))
        assert server.connections == 1


@each_way
@pytest.mark.parametrize("method", ["port", "scheme", "no_scheme"])
def test_an_address_that_cannot_be_used(way: str, method: str) -> None:
    assert_no_credentials(lambda: WAYS[way]("http://127.0.0.1:1", method))


@pytest.mark.parametrize("fault", FAULTS[:3])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("way", [lambda client: client, instrument_httpx])
def test_a_proxy_of_the_client(way: Callable[..., Any], scheme: str, fault: Any) -> None:
    def fail(address: str) -> None:
        client = httpx.AsyncClient(proxy=f"http://pu:Pr0xyPassw0rd@{address}", timeout=0.3)
        face = SyncServiceWrapper(way(client))
        with closing(_Closing(face)):
            face.get(f"{scheme}://wats.example.com")

    with RawServer(fault) as server:
        assert_no_credentials(lambda: fail(f"127.0.0.1:{server.port}"))


def test_the_hooks_of_retries() -> None:
    errors: list[Exception] = []
    retry = RetryConfig(
        max_retries=1,
        max_backoff=0.01,
        on_retry=lambda event: errors.append(event.error),
        on_give_up=lambda event: errors.append(event.error),
    )
    config = SyncConfig(retry_enabled=True, retry=retry)
    client = httpx.AsyncClient(transport=CallTransport())
    face = SyncServiceWrapper(Service(client, "http://127.0.0.1:1"), config)
    with closing(_Closing(face)), pytest.raises(httpx.ConnectError):
        face.auth()
    assert [type(each).__name__ for each in errors] == ["ConnectError", "ConnectError"]
    for error in errors:
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        assert "S3cr3tPassw0rd" not in repr([frame.f_locals for frame in frames[1:]])


class Typed(SyncServiceWrapper[httpx.AsyncClient]):
    """A declared face of the client itself."""


@pytest.mark.parametrize("make", [SyncServiceWrapper, Typed])
@pytest.mark.parametrize("fault", FAULTS[:3])
def test_the_client_itself_is_wrapped(make: Callable[..., Any], fault: Any) -> None:
    def fail(base_url: str) -> None:
        face = make(httpx.AsyncClient(timeout=0.3))
        with closing(_Closing(face)):
            face.get(
                base_url,
                auth=("station", "S3cr3tPassw0rd"),
                headers={"X-Api-Key": "S3cr3tPassw0rd"},
                params={"q": "S3cr3tPassw0rd"},
            )

    with RawServer(fault) as server:
        assert_no_credentials(lambda: fail(server.base_url))


def test_a_factory_that_fails() -> None:
    def make() -> httpx.AsyncClient:
        return httpx.AsyncClient(proxy="ftp://pu:Pr0xyPassw0rd@127.0.0.1")

    assert_no_credentials(lambda: SyncServiceWrapper.made_by(make, name="client"))


@pytest.mark.parametrize("fault", FAULTS[:3])
def test_the_frames_of_an_instrumented_blocking_client(fault: Any) -> None:
    """Those of httpx are above the transport, and nobody clears them."""
    client = instrument_httpx(httpx.Client(timeout=0.3))
    with client, RawServer(fault) as server, pytest.raises(httpx.TransportError) as caught:
        client.get(f"http://station:S3cr3tPassw0rd@127.0.0.1:{server.port}/?sig={TOKEN}")
    error = caught.value
    own = []
    entry = error.__traceback__
    while entry is not None:
        if entry.tb_frame.f_globals["__name__"].startswith("pywats."):
            own.append(entry.tb_frame)
        entry = entry.tb_next
    assert own
    shown = repr([frame.f_locals for frame in own])
    assert "S3cr3tPassw0rd" not in shown
    assert TOKEN not in shown


# Of any type, because the arguments are not of the types that are declared.
ADDRESS: Any = "http://pu:Pr0xyPassw0rd@127.0.0.1:8080/"


@pytest.mark.parametrize(
    "make",
    [
        lambda: CallTransport(ADDRESS),
        lambda: CallTransport(only=ADDRESS),
        lambda: CallTransport(only=[ADDRESS]),
        lambda: CallTransport(verify_ssl=ADDRESS),
        lambda: DirectTransport(only=ADDRESS),
        lambda: DirectTransport(only=[ADDRESS]),
        lambda: DirectTransport(verify_ssl=ADDRESS),
        lambda: instrument_httpx(ADDRESS),
        lambda: instrument_httpx((ADDRESS, "Pr0xyPassw0rd")),
        lambda: instrument_httpx({"auth": "Pr0xyPassw0rd", "proxy": ADDRESS}),
        lambda: instrument_httpx(httpx.Client(), only=[ADDRESS]),
        lambda: instrument_httpx(httpx.AsyncClient(), only=ADDRESS),
    ],
)
def test_a_constructor_that_refuses_the_address_of_a_proxy(make: Callable[[], object]) -> None:
    assert_no_credentials(make)
