"""The handler that turns records of the standard library into OpenTelemetry log records."""

from __future__ import annotations

import logging
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

import pytest
from opentelemetry import context
from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from pywats import CorrelationFilter, SyncServiceWrapper, correlation_id
from pywats.telemetry.log_handler import OTLPHandler
from tests.otlp import OTLPReceiver, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk._logs import ReadableLogRecord

    from pywats.observability.logs.fields import FieldNames
    from tests.tracing import Spans


class Exported:
    """A logger whose records end up in memory."""

    def __init__(self) -> None:
        self._exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        self.provider = LoggerProvider()
        self.provider.add_log_record_processor(SimpleLogRecordProcessor(self._exporter))
        self.logger = logging.getLogger("tests.exported")
        self.handler = OTLPHandler(self.provider)

    @property
    def records(self) -> list[ReadableLogRecord]:
        return list(self._exporter.get_finished_logs())

    @property
    def attributes(self) -> dict[str, object]:
        (record,) = self.records
        return dict(record.log_record.attributes or {})


@pytest.fixture
def exported() -> Iterator[Exported]:
    made = Exported()
    made.logger.addHandler(made.handler)
    made.logger.setLevel(1)
    made.logger.propagate = False
    yield made
    made.logger.removeHandler(made.handler)
    made.logger.propagate = True
    made.provider.shutdown()


class Talkative:
    def __init__(self, logger: logging.Logger) -> None:
        self.logger = logger

    async def talk(self) -> None:
        self.logger.info("hello %s", "there")


def test_a_record_carries_the_span_and_the_correlation_id(exported: Exported, spans: Spans) -> None:
    with correlation_id("job-42"):
        SyncServiceWrapper(Talkative(exported.logger)).talk()
    (record,) = exported.records
    (span,) = spans.finished
    span_context = span.get_span_context()
    assert span_context is not None
    assert record.log_record.body == "hello there"
    assert record.log_record.trace_id == span_context.trace_id
    assert record.log_record.span_id == span_context.span_id
    assert exported.attributes == {"correlation_id": "job-42"}
    assert record.instrumentation_scope is not None
    assert record.instrumentation_scope.name == "tests.exported"


def test_outside_of_everything_there_are_no_ids(exported: Exported) -> None:
    exported.logger.info("alone")
    (record,) = exported.records
    assert record.log_record.trace_id == 0
    assert exported.attributes == {}


@pytest.mark.parametrize(
    ("level", "text", "number"),
    [
        (50, "CRITICAL", 21),
        (40, "ERROR", 17),
        (35, "Level 35", 13),
        (20, "INFO", 9),
        (10, "DEBUG", 5),
        (3, "Level 3", 1),
    ],
)
def test_levels_become_severities(exported: Exported, level: int, text: str, number: int) -> None:
    exported.logger.log(level, "x", exc_info=(None, None, None))
    (record,) = exported.records
    severity = record.log_record.severity_number
    assert severity is not None
    assert (record.log_record.severity_text, severity.value) == (text, number)
    assert exported.attributes == {}


def test_an_id_given_by_the_caller_stays_and_a_stamp_of_nothing_does_not(
    exported: Exported,
) -> None:
    with correlation_id("job-42"):
        exported.logger.info("about another call", extra={"correlation_id": "job-41"})
        exported.logger.info("stamped in vain", extra={"correlation_id": "-"})
    exported.logger.info("stamped in vain", extra={"correlation_id": "-"})
    found = [dict(record.log_record.attributes or {}) for record in exported.records]
    assert found == [{"correlation_id": "job-41"}, {"correlation_id": "job-42"}, {}]


@pytest.mark.parametrize("fields", ["otel", "ecs", "datadog"])
def test_a_filter_adds_no_placeholders(exported: Exported, fields: FieldNames) -> None:
    exported.handler.addFilter(CorrelationFilter(fields))
    exported.logger.info("outside", extra={"note": "-"})
    assert exported.attributes == {"note": "-"}


class Grade(IntEnum):
    LOW = 1


def test_an_integer_that_otlp_does_not_have_is_exported_as_text(exported: Exported) -> None:
    extra: dict[str, object] = {
        "least": -(2**63),
        "less": -(2**63) - 1,
        "greatest": 2**63 - 1,
        "greater": 2**63,
        "yes": True,
        "grade": Grade.LOW,
    }
    with OTLPReceiver() as receiver:
        exporter = OTLPLogExporter(f"{receiver.endpoint}/v1/logs")
        exported.provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
        exported.logger.info("numbers", extra=extra)
    ((_, record),) = receiver.logs
    expected = extra | {"less": "-9223372036854775809", "greater": "9223372036854775808"}
    assert values(record.attributes) == expected


def test_extras_and_the_exception_become_attributes_and_the_stamps_of_others_do_not(
    exported: Exported,
) -> None:
    class Odd:
        def __str__(self) -> str:
            return "odd"

    extra = {"station": "S7", "tries": 2, "odd": Odd(), "trace_id": "x", "dd.span_id": "1"}
    try:
        raise KeyError("missing")  # noqa: TRY301 - an exception to log
    except KeyError:
        exported.logger.exception("failed", extra=extra)
    attributes = exported.attributes
    assert str(attributes.pop("exception.stacktrace")).startswith("Traceback (most recent call")
    assert attributes == {
        "station": "S7",
        "tries": 2,
        "odd": "odd",
        "exception.type": "KeyError",
        "exception.message": "'missing'",
    }


def test_what_is_logged_while_exporting_is_left_out(exported: Exported) -> None:
    token = context.attach(context.set_value(_SUPPRESS_INSTRUMENTATION_KEY, True))
    try:
        exported.logger.info("POST /v1/logs")
    finally:
        context.detach(token)
    assert exported.records == []


def test_a_record_that_cannot_be_written_is_reported_the_way_of_logging(
    exported: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.handler.handle(logging.makeLogRecord({"msg": "%d", "args": ("no number",)}))
    assert exported.records == []
    assert "--- Logging error ---" in capsys.readouterr().err


def test_without_a_context_a_record_is_exported_all_the_same(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise LookupError("no context")

    monkeypatch.setattr(context, "set_value", fail)
    exported.logger.info("alone")
    (record,) = exported.records
    assert record.log_record.body == "alone"
