"""Credentials are redacted in every form in which they are given, and a server repeats them."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any, NoReturn

import httpx
import pytest

from pywats import (
    AsyncWATS,
    CallTransport,
    DirectTransport,
    SyncServiceWrapper,
    instrument_httpx,
    pyWATS,
)
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[[str, str], object]

KEY = "K3yS3cret"
PAIR = "station:S3cr3tÄ>>>??Passw0rd"


def blocking(base_url: str, token: str) -> NoReturn:
    with pyWATS(base_url, token=token) as api:
        api.product.get_product("A")
    raise AssertionError


def asynchronous(base_url: str, token: str) -> NoReturn:
    async def main() -> None:
        async with AsyncWATS(base_url, token=token) as api:
            await api.product.get_product("A")

    asyncio.run(main())
    raise AssertionError


class Service:
    def __init__(self, transport: httpx.AsyncBaseTransport, headers: dict[str, str]) -> None:
        self.client = httpx.AsyncClient(transport=transport, headers=headers)

    async def get(self, url: str) -> None:
        (await self.client.get(url)).raise_for_status()

    async def aclose(self) -> None:
        await self.client.aclose()


def _over(transport: httpx.AsyncBaseTransport, url: str, headers: dict[str, str]) -> None:
    runner = DirectRunner() if isinstance(transport, DirectTransport) else None
    face = SyncServiceWrapper(Service(transport, headers), runner=runner)
    try:
        face.get(url)
    finally:
        face.aclose()


def direct(base_url: str, token: str) -> None:
    _over(DirectTransport(), base_url, {"Authorization": f"Basic {token}"})


def call(base_url: str, token: str) -> None:
    _over(CallTransport(), base_url, {"authorization": f"basic  {token}"})


def wrapped(base_url: str, token: str) -> None:
    transport = CallTransport(httpx.AsyncHTTPTransport())
    _over(transport, base_url, {"Proxy-Authorization": f"Basic\t{token}"})


TRANSPORTS: list[Way] = [direct, call, wrapped]
WAYS: list[Way] = [blocking, asynchronous, *TRANSPORTS]
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "padded": base64.b64encode,
    "unpadded": lambda pair: base64.b64encode(pair).rstrip(b"="),
    "for URLs": base64.urlsafe_b64encode,
    "for URLs, unpadded": lambda pair: base64.urlsafe_b64encode(pair).rstrip(b"="),
}
ECHOES: dict[str, Callable[[bytes], bytes]] = {
    **FORMS,
    "password": lambda pair: pair.partition(b":")[2],
    "pair": lambda pair: pair,
}


def refusal(said: bytes) -> bytes:
    """Return a refusal that says something in every place that pywats or httpx shows."""
    body = b'{"Message": "bad %s !"}' % said
    return response(body, b"X-Request-ID: 7 " + said, status=b"401 bad " + said)


def told(error: Any) -> str:
    return f"{error} {error!r} {error.server_request_id} {getattr(error, 'response', '')}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_basic(way: Way, form: str, echo: str, encoding: str) -> None:
    pair = PAIR.encode(encoding)
    said = ECHOES[echo](pair)
    with RawServer(saying(refusal(said))) as server:
        with pytest.raises(Exception, match="bad .*REDACTED") as caught:
            way(server.base_url, FORMS[form](pair).decode())
        assert caught.value.server_request_id.endswith("REDACTED")  # type: ignore[attr-defined]  # the engine sets it
        # ASCII alone: httpx leaves out all other characters of a reason phrase.
        shown = told(caught.value)
        assert "Passw0rd" not in shown
        assert said.decode("ascii", "ignore").strip("=") not in shown
        assert ">>>" not in shown


@pytest.mark.parametrize("way", TRANSPORTS)
def test_a_key_in_the_query(way: Way) -> None:
    with RawServer(saying(refusal(KEY.encode()))) as server:
        url = f"{server.base_url}/?api_key={KEY}"
        with pytest.raises(httpx.HTTPStatusError, match="401 bad REDACTED") as caught:
            way(url, FORMS["padded"](PAIR.encode()).decode())
        assert caught.value.server_request_id == "7 REDACTED"  # type: ignore[attr-defined]  # the engine sets it
        assert repr(caught.value.response) == "<Response [401 bad REDACTED]>"


def test_a_client_that_was_there_before() -> None:
    with (
        RawServer(saying(refusal(PAIR.encode()))) as server,
        instrument_httpx(httpx.Client(auth=tuple(PAIR.split(":")))) as client,  # type: ignore[arg-type]  # a pair
    ):
        received = client.get(server.base_url)
    assert repr(received) == "<Response [401 bad REDACTED]>"


@pytest.mark.parametrize("way", TRANSPORTS)
@pytest.mark.parametrize("value", ["", "Basic", "Basic a", "Basic x x", "=", "x"])
def test_a_header_that_has_no_credentials(way: Way, value: str) -> None:
    with RawServer(saying(response(b"", status=b"403 x is not a part"))) as server:
        headers = {"Authorization": value}
        with pytest.raises(httpx.HTTPStatusError, match="403 x is not a part"):
            _over(DirectTransport() if way is direct else CallTransport(), server.base_url, headers)
