"""One product, from call to model, with the SDK and the batch exporter."""

from __future__ import annotations

import io
import logging
from functools import partial
from typing import TYPE_CHECKING

import httpx
from opentelemetry import trace
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from benchmarks.payloads import PART_NUMBER
from benchmarks.results import Bar, CaseResult
from benchmarks.rivals import TOKEN
from benchmarks.telemetry import batch_exporting
from benchmarks.turns import Measured, drive, race
from pywats import configure_logging, pyWATS
from pywats.services.product.products import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.scale import Scale

__all__ = ["measure"]

_CALLS = 600
_LIMIT = 0.75
_INSTRUMENTED = "httpx.Client + opentelemetry-instrumentation-httpx"
_TWO_SPANS = "the same inside a span of the application's own"
_OURS = "pywats, retries, deadline, ids and log stamps on"
_WITH_EXPORT = "1 thread, export included"
_TABLE = "1 thread"


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race against an instrumented client, which makes one span per call; pywats makes two."""
    provider, exporter = batch_exporting(base_url)
    stream = io.StringIO()
    configure_logging(level=logging.WARNING, stream=stream)
    tracer = trace.get_tracer("benchmarks")
    client = httpx.Client(base_url=base_url, headers={"Authorization": f"Basic {TOKEN}"})
    HTTPXClientInstrumentor.instrument_client(client)
    api = pyWATS(base_url, TOKEN, max_retries=3, deadline=60)

    def instrumented() -> object:
        response = client.get(f"/api/Product/{PART_NUMBER}").raise_for_status()
        return PRODUCT.validate_json(response.content)

    def two_spans() -> object:
        with tracer.start_as_current_span("get_product"):
            return instrumented()

    def ours() -> object:
        return api.product.get_product(PART_NUMBER)

    calls = scale.calls(_CALLS)
    result = CaseResult(
        "GET of one product, with the SDK and the batch exporter",
        "pywats makes two spans a call, one for the call and one for the HTTP request; the "
        "instrumentation makes one. So a third row puts a span of the application's own around "
        "the instrumented client: the same telemetry. The exporter runs in the background; in the "
        "second table a turn also waits until its last span is exported.",
    )
    rivals = {_INSTRUMENTED: instrumented, _TWO_SPANS: two_spans, _OURS: ours}
    result.tables[_TABLE] = race(
        {
            name: partial(_calls_alone, call, calls, provider.force_flush)
            for name, call in rivals.items()
        },
        reference=_INSTRUMENTED,
        rounds=scale.rounds,
    )
    result.tables[_WITH_EXPORT] = race(
        {
            name: partial(_with_export, call, calls, provider.force_flush)
            for name, call in rivals.items()
        },
        reference=_INSTRUMENTED,
        rounds=scale.rounds,
    )
    ratio = result.row(_TABLE, _OURS).ratio or float("inf")
    text = f"at most {_LIMIT:.2f} × native + opentelemetry-instrumentation-httpx"
    result.bars.append(Bar("product-traced", text, _LIMIT, ratio))
    same = result.row(_TABLE, _TWO_SPANS)
    result.notes.append(
        f"Beside the same telemetry (two spans) pywats is at "
        f"{result.row(_TABLE, _OURS).median / same.median:.2f} ×."
    )
    result.notes.append(f"{exporter.exported} spans reached the server.")
    provider.shutdown()
    return result


def _calls_alone(call: Callable[[], object], calls: int, flush: Callable[[], object]) -> Measured:
    measured = drive(call, calls)
    flush()
    return measured


def _with_export(call: Callable[[], object], calls: int, flush: Callable[[], object]) -> Measured:
    made = 0

    def last_exports() -> None:
        nonlocal made
        call()
        made += 1
        if made == calls:
            flush()

    return drive(last_exports, calls)
