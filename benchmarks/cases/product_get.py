"""One product, from call to model, without OpenTelemetry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import httpx

from benchmarks.payloads import PART_NUMBER
from benchmarks.processes import HungError, Peer
from benchmarks.results import Bar, CaseResult
from benchmarks.turns import drive, race
from pywats import pyWATS
from pywats.services.product.products import PRODUCT

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

TOKEN = "dGVzdDp0ZXN0"  # noqa: S105 - of no server but this one
NATIVE = "httpx.Client + pydantic"
_CALLS = 600
_THREADS = (1, 8, 32, 64)
_LIMIT = 1.10
# Threads on few cores take turns by chance: a round differs from the next by a tenth.
_MORE_ROUNDS = 3


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race against httpx.Client at several numbers of threads, and against pywats-api at one."""
    result = CaseResult(
        "GET of one product, OpenTelemetry off",
        "`api.product.get_product(…)` beside `httpx.Client().get(…)` with the same pydantic "
        "parse of the body; one client for all threads. pywats-api has its cache and its "
        "throttling off; it runs in a process of its own, in the same rounds.",
    )
    client = httpx.Client(base_url=base_url, headers={"Authorization": f"Basic {TOKEN}"})
    api = pyWATS(base_url, TOKEN)
    retrying = pyWATS(base_url, TOKEN, max_retries=3, deadline=60)

    def native() -> object:
        answer = client.get(f"/api/Product/{PART_NUMBER}").raise_for_status()
        return PRODUCT.validate_json(answer.content)

    def ours() -> object:
        return api.product.get_product(PART_NUMBER)

    def with_retries() -> object:
        return retrying.product.get_product(PART_NUMBER)

    calls = scale.calls(_CALLS)
    for threads in _THREADS:
        peer = Peer(base_url) if threads == 1 else None
        competitors = {
            NATIVE: partial(drive, native, calls, threads),
            "pywats": partial(drive, ours, calls, threads),
            "pywats, retries and deadline on": partial(drive, with_retries, calls, threads),
        }
        if peer is not None:
            competitors["pywats-api 0.6.0rc1"] = partial(peer.turn, calls)
        table = _caption(threads)
        result.tables[table] = race(
            competitors, reference=NATIVE, rounds=scale.rounds * _MORE_ROUNDS
        )
        row = result.row(table, "pywats")
        result.bars.append(
            Bar(
                f"product-{threads}",
                f"at most {_LIMIT:.2f} × native, {table}",
                _LIMIT,
                row.ratio or float("inf"),
            )
        )
        if peer is not None:
            peer.close()
            theirs = result.row(table, "pywats-api 0.6.0rc1")
            factor = (theirs.ratio or 0.0) / (row.ratio or float("inf"))
            text = "at least 2 × the calls per second of pywats-api, 1 thread"
            result.bars.append(Bar("product-peer", text, 2.0, factor, at_least=True))
    failed = sum(row.failed for t in result.tables.values() for row in t if row.name == "pywats")
    result.bars.append(Bar("product-failures", "calls that fail, all threads", 0, failed))
    ratios = [result.row(_caption(t), "pywats").ratio or float("inf") for t in _THREADS]
    result.bars.append(
        Bar(
            "product-threads",
            "ratio to native at 64 threads, as a multiple of that at 1: flat (at most 1.10)",
            1.10,
            ratios[-1] / ratios[0],
        )
    )
    for threads in (8, 32):
        result.notes.append(_peer_under_threads(base_url, calls, threads))
    for each in (client, api, retrying):
        each.close()
    return result


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
