"""What is emitted is declared, and what is declared is emitted: by name, type and condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.metrics.export import Histogram, Sum

from pywats.http.headers import HEADERS
from pywats.observability.logs.fields import LOG_FIELDS
from pywats.observability.logs.json_lines import JSON_LINES
from pywats.observability.semconv import ALWAYS
from pywats.telemetry.log_handler import LOG_RECORD
from tests.reference.evidence import Evidence, collect
from tests.reference.telemetry_page import events, measured, spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.metrics.export import Metric

    from pywats.observability.logs.fields import FieldNames
    from pywats.observability.semconv import Signal

Emission = tuple["Signal", "Mapping[str, object]"]


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return collect()


def emissions(evidence: Evidence) -> list[Emission]:
    """Return each thing that was emitted with the one signal that it is declared as."""
    found: list[Emission] = []
    for span in evidence.spans:
        found.append((only(span.name, span.kind.name), span.attributes or {}))
        found += [(only(each.name, "event"), each.attributes or {}) for each in span.events]
    for name, metric in evidence.metrics.items():
        (signal,) = [each for each in measured() if each.name == name]
        found += [(signal, point.attributes or {}) for point in metric.data.data_points]
    found += [(LOG_RECORD, attributes) for attributes in evidence.exported]
    names = {each.name.lower(): each.name for each in HEADERS.attributes}
    for request in evidence.requests:
        sent = [(names.get(name, name), value) for name, value in request.headers]
        assert len(dict(sent)) == len(sent), sent
        found.append((HEADERS, dict(sent)))
    return found


def only(name: str, sort: str) -> Signal:
    (signal,) = [
        each
        for each in [*spans(), *events()]
        if each.sort == sort and re.fullmatch(pattern(each), name)
    ]
    return signal


def pattern(signal: Signal) -> str:
    """Return a pattern of the names of a signal, whose variable parts stand in brackets."""
    return re.sub("<.+?>", r"\\S+", re.escape(signal.name))


def test_everything_emitted_is_declared(evidence: Evidence) -> None:
    for signal, attributes in emissions(evidence):
        declared = {each.name: each for each in signal.attributes}
        assert set(attributes) <= set(declared), signal.name
        for name, value in attributes.items():
            assert type(value) is declared[name].holds, (signal.name, name, value)
            assert value in (declared[name].values or (value,)), (signal.name, name)


@pytest.mark.parametrize(
    "signal",
    [*spans(), *events(), *measured(), LOG_RECORD, HEADERS],
    ids=lambda signal: signal.name,
)
def test_everything_declared_is_emitted_and_only_then(evidence: Evidence, signal: Signal) -> None:
    found = [attributes for each, attributes in emissions(evidence) if each is signal]
    assert found
    for attribute, when in signal.attributes.items():
        carried = [attribute.name in attributes for attributes in found]
        assert any(carried), attribute.name
        assert all(carried) is (when == ALWAYS), attribute.name


def instrument(metric: Metric) -> str:
    if isinstance(metric.data, Histogram):
        return "histogram"
    assert isinstance(metric.data, Sum)
    return "counter" if metric.data.is_monotonic else "observable up-down counter"


def test_metrics_have_the_instrument_the_unit_and_the_description_of_their_declaration(
    evidence: Evidence,
) -> None:
    assert {
        name: (instrument(metric), metric.unit, metric.description)
        for name, metric in evidence.metrics.items()
    } == {each.name: (each.sort, each.unit, each.meaning) for each in measured()}


def test_spans_have_the_one_scope(evidence: Evidence) -> None:
    scopes = {span.instrumentation_scope for span in evidence.spans}
    assert [scope.name for scope in scopes if scope] == ["pywats"]


def test_a_call_is_the_parent_of_its_attempts(evidence: Evidence) -> None:
    calls = {
        scope.span_id
        for span in evidence.spans
        if span.kind.name == "INTERNAL" and (scope := span.get_span_context())
    }
    attempts = [span for span in evidence.spans if span.kind.name == "CLIENT"]
    alone = [span for span in attempts if span.parent is None]
    assert len(alone) == 1  # that of the asynchronous face
    assert {span.parent.span_id for span in attempts if span.parent} <= calls


@pytest.mark.parametrize("form", ["otel", "ecs", "datadog"])
def test_json_lines_have_the_fields_that_are_declared(evidence: Evidence, form: FieldNames) -> None:
    line = JSON_LINES[form]
    beside = {line.timestamp, line.level, line.logger, "message", *line.constants}
    ids = set(LOG_FIELDS[form].names)
    outside, inside, failed = (set(each) for each in evidence.lines[form])
    assert outside == beside
    assert inside == beside | ids
    assert failed == beside | ids | {
        *(line.exception, line.exception_type, line.exception_message, line.stack),
    }
