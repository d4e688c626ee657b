"""The program whose instructions `benchmarks.cases.instructions` counts.

It forks two children for each kind of call, one with calls and one without, and prints their
process ids. valgrind counts the instructions of each child, so Python starts and imports only once.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from benchmarks.cases.engine import nothing
from benchmarks.payloads import PART_NUMBER
from benchmarks.rivals import RIVALS, TOKEN, direct_transport
from pywats import SyncConfig, SyncServiceWrapper, pyWATS
from pywats.http.endpoint import Endpoint
from pywats.http.port import Request
from pywats.http.sync_port import BlockingPort
from pywats.services.product.products import PRODUCT
from pywats.sync import DirectRunner, Engine

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KINDS", "main"]

_WARM = 3


class _Nothing:
    async def nothing(self) -> None:
        """Return."""


def _port(base_url: str) -> Callable[[], object]:
    port = BlockingPort(Endpoint(base_url, f"Basic {TOKEN}"), timeout=30)
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
    api = pyWATS(base_url, TOKEN)
    return lambda: api.product.get_product(PART_NUMBER)


def _parse(base_url: str) -> Callable[[], object]:
    body = RIVALS["http.client"](base_url)()
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
    "parse": _parse,
    "port": _port,
    "face": _face,
    "engine": _engine,
    "direct": direct_transport,
    **RIVALS,
}


def main() -> None:
    """Make the calls; the command line has the address, their number, and perhaps the kinds."""
    base_url, calls, *kinds = sys.argv[1:]
    # A call before the fork: the children then do not import the modules that it needs.
    for kind in ("call", "direct"):
        KINDS[kind](base_url)()
    gc.collect()
    gc.disable()
    for kind in kinds or KINDS:
        for number in (0, int(calls)):
            child = os.fork()
            if not child:
                _count(KINDS[kind](base_url), number)
            os.waitpid(child, 0)
            sys.stdout.write(f"{child}\t{number}\t{kind}\n")
            sys.stdout.flush()


def _count(call: Callable[[], object], number: int) -> None:
    for _ in range(_WARM + number):
        call()
    os._exit(0)


if __name__ == "__main__":
    main()
