"""Two ways to call an HTTP service: pywats, and httpx with what there is to put around it."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

import httpx
import stamina
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from pywats import RetryConfig, pyWATS
from tests.tracing import PROVIDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENTS = ("`pyWATS`", "httpx, instrumented, with stamina", "… in a span of your own")
ATTEMPTS = 3
PART = "PCBA-100"
TRANSIENT = {429, 502, 503, 504}


class Client(Protocol):
    """What the tests ask of a client: to get a product, and to post something."""

    def read(self) -> str: ...

    def add(self) -> None: ...


class Pywats:
    """pyWATS with a retry policy."""

    def __init__(self, api: pyWATS) -> None:
        self._api = api

    def read(self) -> str:
        return self._api.product.get_product(PART).part_number

    def add(self) -> None:
        self._api.product.add_product_group_filter(product_group="G", part_number=PART)


class Stack:
    """httpx.Client, its instrumentation, and stamina with the same retry policy."""

    def __init__(self, client: httpx.Client, *, own_span: bool) -> None:
        self._client = client
        self._own_span = own_span
        self._retrying = stamina.RetryingCaller(
            attempts=ATTEMPTS, wait_initial=0.01, wait_max=0.01, wait_jitter=0
        ).on(_is_transient)

    def read(self) -> str:
        response = self._send(lambda: self._client.get(f"/api/Product/{PART}"))
        return str(response.json()["partNumber"])

    def add(self) -> None:
        query = {"productGroup": "G", "partNumber": PART}
        self._send(lambda: self._client.post("/api/Product/ProductGroupFilter", params=query))

    def _send(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        scope = (
            PROVIDER.get_tracer("station").start_as_current_span("the call")
            if self._own_span
            else nullcontext()
        )
        with scope:
            return self._retrying(lambda: send().raise_for_status())


def _is_transient(error: Exception) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in TRANSIENT
    return isinstance(error, httpx.TransportError)


@contextmanager
def client(name: str, base_url: str, token: str, timeout: float = 20) -> Iterator[Client]:
    """Yield the client of that name."""
    if name == CLIENTS[0]:
        retry = RetryConfig(max_retries=ATTEMPTS - 1, max_backoff=0.01)
        with pyWATS(base_url, token, timeout=timeout, retry_config=retry) as api:
            yield Pywats(api)
        return
    headers = {"Authorization": f"Basic {token}"}
    # However long a busy machine takes between two requests.
    limits = httpx.Limits(keepalive_expiry=None)
    with httpx.Client(base_url=base_url, headers=headers, timeout=timeout, limits=limits) as plain:
        HTTPXClientInstrumentor.instrument_client(plain, tracer_provider=PROVIDER)
        yield Stack(plain, own_span=name == CLIENTS[2])
