"""Celery: a real worker, whose calls are in the trace and under the id of the sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import Celery

from pywats.errors import WATSConnectionError
from tests.otlp import values

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

    from tests.frameworks.conftest import Running


def test_a_task_is_retried_under_the_id_of_its_sender_and_its_report_is_there_once(
    programs: Callable[[str], Running],
) -> None:
    # Celery has a word to say at the end, too.
    assert programs("celery").printed.result()[-2:] == [
        "the worker ended with 0",
        "WATS saw ['order-4711', 'order-4711'] and has 1 report",
    ]


def test_the_call_of_a_task_is_in_the_trace_of_its_sender_and_so_is_its_retry(
    programs: Callable[[str], Running],
) -> None:
    celery = programs("celery")
    celery.printed.result()
    (sent,) = [
        span
        for service, span in celery.receiver.spans
        if service == "station-api" and span.name == "apply_async/celery_worker.submit"
    ]
    assert tree(celery.receiver.spans, sent) == [
        "run/celery_worker.submit",
        "  pywats.report.submit_report of order-4711",
        "    POST /api/Report/WSJF",
        "  apply_async/celery_worker.submit",
        "    run/celery_worker.submit",
        "      pywats.report.submit_report of order-4711",
        "        POST /api/Report/WSJF",
    ]


def tree(spans: list[tuple[str, Span]], parent: Span, indent: str = "") -> list[str]:
    """Return what the worker has exported below a span, a line each."""
    lines: list[str] = []
    below = [
        span
        for service, span in spans
        if service == "station-worker" and span.parent_span_id == parent.span_id
    ]
    for span in sorted(below, key=lambda each: each.start_time_unix_nano):
        assert span.trace_id == parent.trace_id
        own_id = values(span.attributes).get("pywats.correlation_id")
        lines += [f"{indent}{span.name} of {own_id}" if own_id else f"{indent}{span.name}"]
        lines += tree(spans, span, f"{indent}  ")
    return lines


def test_the_soft_limit_ends_a_call_and_the_client_goes_on(
    programs: Callable[[str], Running],
) -> None:
    *before, ended = programs("limits").printed.result()
    assert before[:3] == [
        "interrupted: True",
        "the same process goes on: True",
        "the sender learns of: None ()",
    ]
    assert ended == "the worker ended with 0"


def test_on_its_way_to_the_sender_an_error_loses_all_but_class_and_message() -> None:
    backend = Celery(backend="cache+memory://").backend
    error = WATSConnectionError("it broke", may_have_been_executed=True)
    received = backend.exception_to_python(backend.prepare_exception(error))
    assert type(received) is WATSConnectionError
    assert (received.message, received.may_have_been_executed) == ("it broke", False)
