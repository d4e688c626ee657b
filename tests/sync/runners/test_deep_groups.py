"""Groups of exceptions that are nested deeper than Python's stack come out as they are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pywats import CircuitBreakerConfig, RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.tracing import Spans


def nested(leaves: Iterable[Exception]) -> ExceptionGroup:
    group = ExceptionGroup("0", list(leaves))
    for depth in range(2 * sys.getrecursionlimit()):
        group = ExceptionGroup(str(depth), [group])
    return group


class Station:
    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls = 0

    async def measure(self) -> None:
        self.calls += 1
        raise self.error


@pytest.mark.parametrize("runner", [DirectRunner(), None], ids=["direct", "portal"])
@pytest.mark.parametrize(
    ("leaves", "calls"),
    [
        ([ConnectionError("a"), TimeoutError("b")], 3),
        ([ConnectionError("a"), ValueError("b")], 1),
        ([RuntimeError("a")], 1),
    ],
)
def test_a_deep_group_is_judged_by_its_leaves(
    spans: Spans, runner: DirectRunner | None, leaves: list[Exception], calls: int
) -> None:
    station = Station(nested(leaves))
    config = SyncConfig(
        retry_enabled=True,
        retry=RetryConfig(max_retries=2, max_backoff=0.001, retry_unsafe=True),
        circuit_breaker=CircuitBreakerConfig(),
    )
    with pytest.raises(ExceptionGroup) as caught:
        SyncServiceWrapper(station, config, runner=runner).measure()
    assert caught.value is station.error
    assert station.calls == calls
    assert spans.tree()[0].startswith("station.measure [INTERNAL ERROR")
