"""The same GET by other HTTP libraries: makers of a function that returns the body."""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import httpx2
import urllib3
from pyreqwest.client import SyncClientBuilder

from benchmarks.payloads import PART_NUMBER
from pywats import DirectTransport, SyncConfig, SyncServiceWrapper
from pywats.services.product.products import PRODUCT
from pywats.sync import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NATIVE", "PATH", "RIVALS", "TOKEN", "direct_transport"]

TOKEN = "dGVzdDp0ZXN0"  # noqa: S105 - of no server but this one
PATH = f"/api/Product/{PART_NUMBER}"
NATIVE = "httpx.Client"
_HEADERS = {"Authorization": f"Basic {TOKEN}"}
_MOST_THREADS = 64
_OK = 200


def _httpx(base_url: str) -> Callable[[], bytes]:
    client = httpx.Client(base_url=base_url, headers=_HEADERS)
    return lambda: client.get(PATH).raise_for_status().content


def _httpx2(base_url: str) -> Callable[[], bytes]:
    client = httpx2.Client(base_url=base_url, headers=_HEADERS)
    return lambda: client.get(PATH).raise_for_status().content


def _urllib3(base_url: str) -> Callable[[], bytes]:
    pool = urllib3.PoolManager(headers=_HEADERS, maxsize=_MOST_THREADS)
    url = base_url + PATH

    def get() -> bytes:
        response = pool.request("GET", url)
        return _checked(response.status, response.data)

    return get


def _http_client(base_url: str) -> Callable[[], bytes]:
    # A connection serves one thread.
    parts = urlsplit(base_url)
    host, port = parts.hostname or "", parts.port
    local = threading.local()

    def get() -> bytes:
        connection = getattr(local, "connection", None)
        if connection is None:
            connection = local.connection = http.client.HTTPConnection(host, port)
        connection.request("GET", PATH, headers=_HEADERS)
        response = connection.getresponse()
        return _checked(response.status, response.read())

    return get


def _pyreqwest(base_url: str) -> Callable[[], bytes]:
    client = SyncClientBuilder().base_url(base_url + "/").default_headers(_HEADERS).build()

    def get() -> bytes:
        response = client.get(PATH).build().send()
        return _checked(response.status, bytes(response.bytes()))

    return get


def _checked(status: int, body: bytes) -> bytes:
    if status != _OK:
        raise ValueError(f"status {status}")
    return body


class _Products:
    """An async service of a user's own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get_product(self) -> object:
        """Get the product."""
        response = await self._client.get(PATH)
        return PRODUCT.validate_json(response.raise_for_status().content)


def direct_transport(base_url: str) -> Callable[[], object]:
    """Return a call of an async httpx service over `pywats.DirectTransport`, parse included."""
    client = httpx.AsyncClient(base_url=base_url, headers=_HEADERS, transport=DirectTransport())
    wrapper: Any = SyncServiceWrapper(_Products(client), SyncConfig(), runner=DirectRunner())
    call: Callable[[], object] = wrapper.get_product
    return call


RIVALS: dict[str, Callable[[str], Callable[[], bytes]]] = {
    NATIVE: _httpx,
    "httpx2.Client": _httpx2,
    "urllib3": _urllib3,
    "http.client": _http_client,
    "pyreqwest (Rust)": _pyreqwest,
}
