"""One id, in the log line, the exported log record, the span, the exemplar and the header."""

from __future__ import annotations

import re

import pytest

from tests.docs.observability.story import ATTEMPT, CALL, Story, tell, tell_without_sdk
from tests.otlp import OTLPReceiver, values


@pytest.fixture(scope="module")
def told() -> tuple[Story, OTLPReceiver]:
    with OTLPReceiver() as receiver:
        return tell(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint), receiver


LOGGERS = ["pywats.http", "pywats.sync", "pywats.http", "pywats.sync", "pywats.http"]


def test_the_id_of_the_log_lines_is_in_every_header(told: tuple[Story, OTLPReceiver]) -> None:
    story, _ = told
    assert re.fullmatch("[0-9a-f]{32}", story.correlation_id)
    ours = [(own, parent) for own, parent in story.sent if own == story.correlation_id]
    assert len(ours) == 3
    assert [(parent or "").split("-")[1] for _, parent in ours] == [story.correlation_id] * 3
    lines = [line for line in story.lines if line.get("trace_id") == story.correlation_id]
    assert [line["logger"] for line in lines] == LOGGERS
    assert {line["correlation_id"] for line in lines} == {story.correlation_id}


def test_it_is_that_of_the_exported_spans(told: tuple[Story, OTLPReceiver]) -> None:
    story, receiver = told
    spans = [span for _, span in receiver.spans if span.trace_id.hex() == story.correlation_id]
    (call,) = [span for span in spans if span.name == CALL]
    attempts = [span for span in spans if span.name == ATTEMPT]
    assert len(spans) == 4
    assert [event.name for event in call.events] == ["retry", "timeout", "retry"]
    assert {span.parent_span_id for span in attempts} == {call.span_id}
    sent = [parent or "" for own, parent in story.sent if own == story.correlation_id]
    assert [parent.split("-")[2] for parent in sent] == [s.span_id.hex() for s in attempts]


def test_it_is_that_of_the_exported_log_records(told: tuple[Story, OTLPReceiver]) -> None:
    story, receiver = told
    records = [r for _, r in receiver.logs if r.trace_id.hex() == story.correlation_id]
    records.sort(key=lambda record: record.time_unix_nano)
    written = [line for line in story.lines if line.get("trace_id") == story.correlation_id]
    assert [r.body.string_value for r in records] == [line["message"] for line in written]
    assert [r.span_id.hex() for r in records] == [line["span_id"] for line in written]
    assert [values(r.attributes) for r in records] == [
        {"correlation_id": story.correlation_id}
    ] * len(written)


@pytest.mark.parametrize("name", ["http.client.request.duration", "pywats.client.call.duration"])
def test_it_is_that_of_an_exemplar(told: tuple[Story, OTLPReceiver], name: str) -> None:
    story, receiver = told
    exemplars = {
        exemplar.trace_id.hex()
        for _, metric in receiver.metrics
        if metric.name == name
        for point in metric.histogram.data_points
        for exemplar in point.exemplars
    }
    assert story.correlation_id in exemplars


def test_it_is_that_of_the_counters(told: tuple[Story, OTLPReceiver]) -> None:
    _, receiver = told
    counts = {
        (metric.name, str(values(point.attributes).get("error.type"))): point.as_int
        for _, metric in receiver.metrics
        if metric.name.startswith("pywats.")  # the SDK may measure itself as well
        for point in metric.sum.data_points
    }
    assert counts == {
        ("pywats.client.retries", "503"): 1,
        ("pywats.client.retries", "pywats.errors.WATSTimeoutError"): 1,
        ("pywats.client.timeouts", "None"): 1,
    }


def test_the_exception_carries_the_id_of_its_own_call(told: tuple[Story, OTLPReceiver]) -> None:
    story, receiver = told
    (span,) = [s for _, s in receiver.spans if s.trace_id.hex() == story.failed and s.name == CALL]
    assert span.status.code == span.status.STATUS_CODE_ERROR
    assert story.sent[3][0] == story.failed


def test_an_id_of_the_users_own_is_found_on_the_span_and_the_log_record(
    told: tuple[Story, OTLPReceiver],
) -> None:
    story, receiver = told
    assert story.sent[4][0] == "job-42"
    (span,) = [s for _, s in receiver.spans if values(s.attributes).get("pywats.correlation_id")]
    (record,) = [r for _, r in receiver.logs if r.trace_id == span.trace_id]
    assert values(record.attributes) == {"correlation_id": "job-42"}
    assert (story.sent[4][1] or "").split("-")[1] == span.trace_id.hex()


def test_without_the_sdk_the_id_is_in_log_lines_headers_and_exception() -> None:
    story = tell_without_sdk()
    assert re.fullmatch("[0-9a-f]{32}", story.correlation_id)
    assert [own for own, _ in story.sent] == [story.correlation_id] * 3 + [story.failed, "job-42"]
    assert {parent for _, parent in story.sent} == {None}
    lines = [line for line in story.lines if line.get("trace_id") == story.correlation_id]
    assert [line["logger"] for line in lines] == LOGGERS
    assert {line["correlation_id"] for line in lines} == {story.correlation_id}
    assert all("span_id" not in line for line in lines)
