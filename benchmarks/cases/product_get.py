"""One product, from call to model, without OpenTelemetry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.payloads import PART_NUMBER
from benchmarks.processes import HungError, Peer
from benchmarks.results import Bar, CaseResult
from benchmarks.rivals import RIVALS, TOKEN, direct_transport
from benchmarks.turns import drive, race
from pywats import pyWATS
from pywats.services.product.products import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.scale import Scale

__all__ = ["measure"]

NATIVE = "httpx.Client + pydantic"
DIRECT = "httpx.AsyncClient over DirectTransport"
RETRYING = "pywats, retries and deadline on"
_PEER = "pywats-api 0.6.0rc1"
_CALLS = 400
# By number of threads: maximum ratio to the time of httpx.Client with the same parsing.
_LIMITS = {1: 0.65, 8: 0.75, 32: 0.75, 64: 0.75}
_DIRECT_LIMIT = 1.05
_DIRECT_THREADS = (1, 8, 32)


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race against other libraries at several numbers of threads, and against pywats-api at one."""
    result = CaseResult(
        "GET of one product, OpenTelemetry off",
        "`api.product.get_product(…)` beside the same GET by other libraries, with the same "
        "pydantic parse of the body; one client for all threads (of http.client, a connection for "
        "each). DirectTransport is below an `httpx.AsyncClient` in a service of one's own. "
        "pywats-api has its cache and its throttling off; it runs in a process of its own, in the "
        "same rounds.",
    )
    api = pyWATS(base_url, TOKEN)
    retrying = pyWATS(base_url, TOKEN, max_retries=3, deadline=60)
    calls_of: dict[str, Callable[[], object]] = {
        **{f"{name} + pydantic": _parsing(make(base_url)) for name, make in RIVALS.items()},
        "pywats": lambda: api.product.get_product(PART_NUMBER),
        RETRYING: lambda: retrying.product.get_product(PART_NUMBER),
        DIRECT: direct_transport(base_url),
    }
    calls = scale.calls(_CALLS)
    for threads, limit in _LIMITS.items():
        peer = Peer(base_url) if threads == 1 else None
        competitors = {
            name: partial(drive, call, calls, threads) for name, call in calls_of.items()
        }
        if peer is not None:
            competitors[_PEER] = partial(peer.turn, calls)
        table = _caption(threads)
        result.tables[table] = race(competitors, reference=NATIVE, rounds=scale.rounds)
        ratio = _ratio(result, table, "pywats")
        text = f"at most {limit:.2f} × httpx.Client, {table}"
        result.bars.append(Bar(f"product-{threads}", text, limit, ratio))
        text = f"not slower than urllib3, {table}"
        beside = ratio / _ratio(result, table, "urllib3 + pydantic")
        result.bars.append(Bar(f"product-urllib3-{threads}", text, 1.0, beside))
        if threads in _DIRECT_THREADS:
            text = f"DirectTransport at most {_DIRECT_LIMIT:.2f} × httpx.Client, {table}"
            value = _ratio(result, table, DIRECT)
            result.bars.append(Bar(f"direct-{threads}", text, _DIRECT_LIMIT, value))
        if peer is not None:
            peer.close()
            factor = _ratio(result, table, _PEER) / ratio
            text = "at least 2 × the calls per second of pywats-api, 1 thread"
            result.bars.append(Bar("product-peer", text, 2.0, factor, at_least=True))
    failed = sum(row.failed for t in result.tables.values() for row in t if row.name == "pywats")
    result.bars.append(Bar("product-failures", "calls that fail, all threads", 0, failed))
    for threads in (8, 32):
        result.notes.append(_peer_under_threads(base_url, calls, threads))
    for each in (api, retrying):
        each.close()
    return result


def _parsing(get: Callable[[], bytes]) -> Callable[[], object]:
    return lambda: PRODUCT.validate_json(get())


def _ratio(result: CaseResult, table: str, name: str) -> float:
    return result.row(table, name).ratio or float("inf")


def _caption(threads: int) -> str:
    return f"{threads} thread{'s' * (threads > 1)}"


def _peer_under_threads(base_url: str, calls: int, threads: int) -> str:
    peer = Peer(base_url)
    try:
        turn = peer.turn(calls, threads, patience=15)
    except HungError as error:
        return f"pywats-api, {threads} threads on one client: hung ({error})."
    finally:
        peer.close()
    return f"pywats-api, {threads} threads on one client: {turn.failed} of {turn.calls} calls fail."
