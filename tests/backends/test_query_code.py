"""The code that queries the stores, over stand-ins: it works before a live store is at hand."""

from __future__ import annotations

import pytest

from tests.backends.check import check
from tests.backends.fakes import FakeStore
from tests.backends.traces import Jaeger, Tempo, wait_for_spans
from tests.observability.story import Story, tell
from tests.otlp import OTLPReceiver


@pytest.fixture(scope="module")
def told() -> tuple[Story, OTLPReceiver]:
    with OTLPReceiver() as receiver:
        return tell(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint), receiver


@pytest.mark.parametrize("kind", [Jaeger, Tempo])
def test_the_story_is_found_by_the_id_of_its_log_line(
    told: tuple[Story, OTLPReceiver], kind: type[Jaeger | Tempo]
) -> None:
    story, receiver = told
    with FakeStore(receiver.spans) as store:
        check(kind(store.url), story, pause=0.01)


@pytest.mark.parametrize("kind", [Jaeger, Tempo])
def test_a_trace_that_never_arrives_is_an_error(
    told: tuple[Story, OTLPReceiver], kind: type[Jaeger | Tempo]
) -> None:
    _, receiver = told
    with (
        FakeStore(receiver.spans) as store,
        pytest.raises(AssertionError, match=f"0 of 1 spans of {'a' * 32} arrived"),
    ):
        wait_for_spans(kind(store.url), "a" * 32, 1, limit=0.05, pause=0.01)
