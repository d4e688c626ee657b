"""Processes that multiprocessing starts: one trace, and each exports what it did."""

from __future__ import annotations

import multiprocessing

import pytest

from tests.observability.scripts import run
from tests.otlp import OTLPReceiver

SPANS = ["GET /api/Product/Query", "pywats.product.get_products"]


@pytest.mark.parametrize(
    ("method", "configured_before"),
    [("fork", True), ("forkserver", False), ("spawn", False)],
)
def test_each_process_exports_what_it_did_to_one_trace(
    method: str, *, configured_before: bool
) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} on this system")
    source = f"""
from tests.docs.observability.fleet import main
if __name__ == "__main__":
    main({method!r}, configured_before={configured_before})
"""
    with OTLPReceiver() as receiver:
        done = run(source, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    trace, *exits = done.out[-1].split()
    assert exits == ["0", "0"]
    assert sorted(span.name for _, span in receiver.spans) == sorted(SPANS * 2)
    assert {span.trace_id.hex() for _, span in receiver.spans} == {trace}
    assert len(receiver.metric_instances) == 2
