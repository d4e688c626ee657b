"""The code that queries the stores, over stand-ins: it works before a live store is at hand."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.backends.check import check
from tests.backends.fakes import OF_ANOTHER, OF_JAEGER, OF_TEMPO, FakeStore, Unknown
from tests.backends.traces import Jaeger, Tempo, wait_for_spans
from tests.docs.observability.story import Story, tell
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
    with FakeStore(receiver.spans) as store, closing(kind(store.url)) as client:
        check(client, story, pause=0.01)


def test_the_output_of_the_story_is_read_where_the_endpoint_takes_traces_only() -> None:
    # The end of the process tells which signals were refused, after everything else.
    with OTLPReceiver() as receiver:
        receiver.refuse("/v1/metrics", "/v1/logs")
        story = tell(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert len(story.sent) == 5
    told = [line["message"] for line in story.lines if "does not take" in line["message"]]
    assert sorted(message.split("does not take ")[1].split()[0] for message in told) == [
        "logs",
        "metrics",
    ]


@pytest.mark.parametrize(
    ("kind", "unknown"), [(Jaeger, OF_JAEGER), (Jaeger, OF_ANOTHER), (Tempo, OF_TEMPO)]
)
def test_a_trace_that_never_arrives_is_an_error(
    told: tuple[Story, OTLPReceiver], kind: type[Jaeger | Tempo], unknown: Unknown
) -> None:
    _, receiver = told
    with (
        FakeStore(receiver.spans, unknown=unknown) as store,
        closing(kind(store.url)) as client,
        pytest.raises(AssertionError, match=f"0 of 1 spans of {'a' * 32} arrived"),
    ):
        wait_for_spans(client, "a" * 32, 1, limit=0.05, pause=0.01)
