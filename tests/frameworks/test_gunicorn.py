"""gunicorn: workers that were forked from a loaded application serve, export, and end."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gunicorn.config import Config

from pywats import SyncConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.frameworks.conftest import Running


def test_each_worker_serves_and_exports_the_trace_of_its_caller(
    programs: Callable[[str], Running],
) -> None:
    gunicorn = programs("gunicorn")
    assert gunicorn.printed.result() == [
        "gunicorn ended with 0",
        "2 workers; WATS saw ['aaaa', 'bbbb']",
    ]
    names: dict[str, set[str]] = defaultdict(set)
    for service, span in gunicorn.receiver.spans:
        names[span.trace_id.hex()].add(f"{service}: {span.name}")
    expected = {
        "station-api: GET /products/<part>",
        "station-api: pywats.product.get_product",
        "station-api: GET /api/Product/{partNumber}",
    }
    assert names == {"a" * 32: expected, "b" * 32: expected}
    assert len(gunicorn.receiver.span_instances) == 2


def test_without_a_deadline_the_worker_is_ended_before_the_call_gives_up() -> None:
    limits = (SyncConfig().timeout, SyncConfig().deadline)
    assert (*limits, Config().timeout, Config().graceful_timeout) == (30, None, 30, 30)
