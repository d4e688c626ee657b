"""The program whose instructions `benchmarks.cases.instructions` counts."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import httpx

from benchmarks.cases.engine import nothing
from benchmarks.payloads import PART_NUMBER
from pywats import SyncConfig, SyncServiceWrapper, pyWATS
from pywats.http.blocking import BlockingPort
from pywats.http.endpoint import Endpoint
from pywats.http.port import Request
from pywats.services.product.products import PRODUCT
from pywats.sync import DirectRunner, Engine

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KINDS", "main"]

_PATH = f"/api/Product/{PART_NUMBER}"


class _Nothing:
    async def nothing(self) -> None:
        """Return."""


def _httpx_get(base_url: str) -> Callable[[], object]:
    client = httpx.Client(base_url=base_url)
    return lambda: client.get(_PATH).raise_for_status().content


def _port(base_url: str) -> Callable[[], object]:
    port = BlockingPort(Endpoint(base_url, "Basic dGVzdDp0ZXN0"))
    request = Request(
        method="GET", template="/api/Product/{partNumber}", path={"partNumber": PART_NUMBER}
    )

    def send() -> None:
        try:
            port.send(request).send(None)
        except StopIteration:
            return

    return send


def _call(base_url: str) -> Callable[[], object]:
    api = pyWATS(base_url, "dGVzdDp0ZXN0")
    return lambda: api.product.get_product(PART_NUMBER)


def _parse(base_url: str) -> Callable[[], object]:
    body = httpx.get(base_url + _PATH).content
    return lambda: PRODUCT.validate_json(body)


def _engine(base_url: str) -> Callable[[], object]:
    del base_url
    engine = Engine(SyncConfig(), DirectRunner())
    return lambda: engine.run("pywats.bench.call", nothing)


def _face(base_url: str) -> Callable[[], object]:
    del base_url
    wrapper = SyncServiceWrapper(_Nothing(), runner=DirectRunner())
    call: Callable[[], object] = wrapper.nothing
    return call


KINDS: dict[str, Callable[[str], Callable[[], object]]] = {
    "call": _call,
    "httpx": _httpx_get,
    "parse": _parse,
    "port": _port,
    "face": _face,
    "engine": _engine,
}


def main() -> None:
    """Make as many calls of the kind as the command line says; before that one of each kind."""
    base_url, kind, number = sys.argv[1:]
    calls = {name: make(base_url) for name, make in KINDS.items()}
    for call in calls.values():
        call()
    gc.collect()
    gc.disable()
    for _ in range(int(number)):
        calls[kind]()


if __name__ == "__main__":
    main()
