"""One line of set-up for each logging library, judged by the lines that come out."""

from __future__ import annotations

import io
import json
import logging
import logging.handlers
import math
import queue
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from loguru import logger as loguru_logger
from opentelemetry.instrumentation.logging import LoggingInstrumentor
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from pythonjsonlogger.json import JsonFormatter

from pywats import (
    CorrelationFilter,
    SyncServiceWrapper,
    configure_logging,
    correlation_id,
    loguru_patcher,
    structlog_processor,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats.observability.logs.fields import FieldNames
    from tests.tracing import Spans

SETS: list[FieldNames] = ["otel", "ecs", "datadog"]


class Service:
    """Logs in a call; what it logs with is the test's choice."""

    def __init__(self, log: Callable[[str], object]) -> None:
        self._log = log

    async def work(self) -> None:
        self._log("measured")


def call(log: Callable[[str], object]) -> None:
    SyncServiceWrapper(Service(log), name="s").work()


def expected(spans: Spans, fields: FieldNames, own: str | None = None) -> dict[str, object]:
    """Return the fields of a line written in the one call that was traced."""
    (span,) = spans.finished
    context = span.get_span_context()
    assert context is not None
    trace_id, span_id = format(context.trace_id, "032x"), format(context.span_id, "016x")
    if fields == "otel":
        return {
            "correlation_id": own or trace_id,
            "trace_id": trace_id,
            "span_id": span_id,
            "trace_sampled": True,
        }
    if fields == "ecs":
        return {
            "labels.correlation_id": own or trace_id,
            "trace.id": trace_id,
            "span.id": span_id,
        }
    return {
        "correlation_id": own or trace_id,
        "dd.trace_id": str(int(trace_id[16:], 16)),
        "dd.span_id": str(int(span_id, 16)),
    }


BASE: dict[FieldNames, dict[str, object]] = {
    "otel": {"level": "INFO", "logger": "tests.lines"},
    "ecs": {"log.level": "INFO", "log.logger": "tests.lines", "ecs.version": "8.11.0"},
    "datadog": {"level": "INFO", "logger.name": "tests.lines"},
}


@pytest.mark.parametrize("fields", SETS)
def test_json_lines(logger: logging.Logger, spans: Spans, fields: FieldNames) -> None:
    stream = io.StringIO()
    configure_logging(json=True, fields=fields, stream=stream, logger=logger)
    logger.info("outside", extra={"station": "S7"})
    with correlation_id("job-42"):
        call(logger.info)
    outside, inside = (json.loads(line) for line in stream.getvalue().splitlines())
    time = "@timestamp" if fields == "ecs" else "timestamp"
    assert next(iter(inside)) == time
    assert len(inside.pop(time)) == len(outside.pop(time)) == len("2026-01-02T03:04:05.678+00:00")
    assert outside == BASE[fields] | {"message": "outside", "station": "S7"}
    assert inside == BASE[fields] | {"message": "measured"} | expected(spans, fields, "job-42")


@pytest.mark.parametrize(
    ("fields", "name"),
    [("otel", "exc_info"), ("ecs", "error.stack_trace"), ("datadog", "error.stack")],
)
def test_json_lines_carry_the_traceback_where_it_is_looked_for(
    logger: logging.Logger, fields: FieldNames, name: str
) -> None:
    stream = io.StringIO()
    configure_logging(json=True, fields=fields, stream=stream, logger=logger)
    logger.error("failed", exc_info=KeyError("missing"))
    assert json.loads(stream.getvalue())[name] == "KeyError: 'missing'"


def json_line(
    logger: logging.Logger, fields: FieldNames, message: object, **arguments: Any
) -> dict[str, Any]:
    """Return what is written, without the time, which must be that of the record."""
    stream = io.StringIO()
    configure_logging(json=True, fields=fields, stream=stream, logger=logger)
    logger.info(message, **arguments)
    line: dict[str, Any] = json.loads(stream.getvalue())
    time = datetime.fromisoformat(line.pop("@timestamp" if fields == "ecs" else "timestamp"))
    assert time.tzinfo == UTC
    return line


OWN: dict[FieldNames, list[str]] = {
    "otel": ["timestamp", "level", "logger"],
    "ecs": ["@timestamp", "log.level", "log.logger", "ecs.version", "error.stack_trace"],
    "datadog": ["timestamp", "level", "logger.name", "error.stack"],
}


RAISED: dict[FieldNames, dict[str, object]] = {
    "otel": {
        "exception.type": "KeyError",
        "exception.message": "'missing'",
        "exc_info": "KeyError: 'missing'",
    },
    "ecs": {
        "error.type": "KeyError",
        "error.message": "'missing'",
        "error.stack_trace": "KeyError: 'missing'",
    },
    "datadog": {
        "error.kind": "KeyError",
        "error.message": "'missing'",
        "error.stack": "KeyError: 'missing'",
    },
}


@pytest.mark.parametrize("fields", SETS)
def test_what_the_record_says_is_not_replaced_in_json_lines(
    logger: logging.Logger, fields: FieldNames
) -> None:
    given = {name: [name] for name in OWN[fields]}
    beside = {f"extra.{name}": [name] for name in OWN[fields]}
    error = KeyError("missing")
    expected = BASE[fields] | {"message": "x"} | beside
    line = json_line(logger, fields, "x", extra=given, exc_info=error)
    expected |= RAISED[fields]
    assert line == expected
    line = json_line(logger, fields, given | {"message": "x"}, exc_info=error)
    assert line == expected


def test_in_json_lines_a_dictionary_has_names_that_are_those_of_records(
    logger: logging.Logger,
) -> None:
    message = {"message": "x", "name": "pump", "levelname": 3, "exc_info": "mine", "step": 1}
    line = json_line(logger, "otel", message)
    assert line == BASE["otel"] | {
        "message": "x",
        "extra.name": "pump",
        "extra.levelname": 3,
        "exc_info": "mine",
        "step": 1,
    }
    assert sorted(message) == ["exc_info", "levelname", "message", "name", "step"]
    line = json_line(logger, "ecs", "x", extra={"error.stack_trace": "of another"})
    assert line == BASE["ecs"] | {"message": "x", "error.stack_trace": "of another"}


def test_numbers_that_json_does_not_have_are_strings(logger: logging.Logger) -> None:
    @dataclass
    class Step:
        limits: list[float]

    stream = io.StringIO()
    configure_logging(json=True, stream=stream, logger=logger)
    extra = {"value": math.nan, "step": Step([-math.inf, 0.1, math.inf]), "big": 2**70, "é": "\n"}
    logger.info("measured", extra=extra)

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    line = json.loads(stream.getvalue(), parse_constant=refuse)
    del line["timestamp"]
    assert line == BASE["otel"] | {
        "message": "measured",
        "value": "NaN",
        "step": {"limits": ["-Infinity", 0.1, "Infinity"]},
        "big": 2**70,
        "é": "\n",
    }


@pytest.mark.parametrize("fields", SETS)
def test_plain_lines(logger: logging.Logger, fields: FieldNames) -> None:
    stream = io.StringIO()
    configure_logging(fields=fields, stream=stream, logger=logger)
    with correlation_id("job-42"):
        logger.info("measured")
    assert stream.getvalue().endswith("INFO    [job-42] tests.lines: measured\n")


@pytest.mark.parametrize("fields", SETS)
def test_a_handler_and_json_formatter_of_the_application(
    logger: logging.Logger, spans: Spans, fields: FieldNames
) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter("%(message)s"))
    handler.addFilter(CorrelationFilter(fields))
    logger.addHandler(handler)
    call(logger.info)
    assert json.loads(stream.getvalue()) == {"message": "measured"} | expected(spans, fields)


@pytest.mark.parametrize("fields", SETS)
def test_structlog(spans: Spans, fields: FieldNames) -> None:
    stream = io.StringIO()
    log = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[structlog_processor(fields), structlog.processors.JSONRenderer()],
    )
    log.info("outside", correlation_id="own")
    call(log.info)
    outside, inside = (json.loads(line) for line in stream.getvalue().splitlines())
    assert outside == {"event": "outside", "correlation_id": "own"}
    assert inside == {"event": "measured"} | expected(spans, fields)


def test_structlog_formats_records_of_the_standard_library(
    logger: logging.Logger, spans: Spans
) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog_processor()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logger.addHandler(handler)
    call(logger.info)
    assert json.loads(stream.getvalue()) == {"event": "measured"} | expected(spans, "otel")


@pytest.mark.parametrize("placeholder", ["-", None, ""])
def test_structlog_replaces_placeholders(placeholder: str | None) -> None:
    stream = io.StringIO()
    log = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[structlog_processor(), structlog.processors.JSONRenderer()],
    ).bind(correlation_id=placeholder)
    with correlation_id("job-42"):
        log.info("measured")
    assert json.loads(stream.getvalue()) == {"event": "measured", "correlation_id": "job-42"}


def test_structlog_keeps_what_an_event_of_the_call_has() -> None:
    stream = io.StringIO()
    log = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[structlog_processor(), structlog.processors.JSONRenderer()],
    )
    with correlation_id("job-42"):
        log.info("measured", correlation_id="own")
    assert json.loads(stream.getvalue()) == {"event": "measured", "correlation_id": "own"}


def test_structlog_keeps_the_ids_of_a_record_from_a_queue(logger: logging.Logger) -> None:
    stream = io.StringIO()
    target = logging.StreamHandler(stream)
    target.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog_processor()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    handler = logging.handlers.QueueHandler(records)
    handler.addFilter(CorrelationFilter())
    logger.addHandler(handler)
    listener = logging.handlers.QueueListener(records, target)
    listener.start()
    with correlation_id("job-42"):
        logger.info("measured")
    listener.stop()
    assert json.loads(stream.getvalue()) == {"event": "measured", "correlation_id": "job-42"}


@pytest.fixture
def loguru_lines() -> Iterator[list[Any]]:
    lines: list[Any] = []
    loguru_logger.remove()
    loguru_logger.add(lines.append, format="{extra[correlation_id]} {message}", serialize=True)
    yield lines
    loguru_logger.remove()
    loguru_logger.configure(patcher=None)


@pytest.mark.parametrize("fields", ["otel", "datadog"])
def test_loguru(spans: Spans, loguru_lines: list[Any], fields: FieldNames) -> None:
    loguru_logger.configure(patcher=loguru_patcher(fields))
    loguru_logger.bind(correlation_id="own").info("outside")
    call(loguru_logger.info)
    outside, inside = (json.loads(line) for line in loguru_lines)
    assert outside["text"] == "own outside\n"
    found = expected(spans, fields)
    assert outside["record"]["extra"] == dict.fromkeys(found, "-") | {"correlation_id": "own"}
    assert inside["text"] == f"{found['correlation_id']} measured\n"
    assert inside["record"]["extra"] == found


@pytest.mark.parametrize("placeholder", ["-", None, ""])
def test_loguru_replaces_placeholders(loguru_lines: list[Any], placeholder: str | None) -> None:
    loguru_logger.configure(patcher=loguru_patcher())
    with correlation_id("job-42"):
        loguru_logger.bind(correlation_id=placeholder, trace_id=placeholder).info("measured")
    (line,) = (json.loads(line) for line in loguru_lines)
    assert line["text"] == "job-42 measured\n"
    assert line["record"]["extra"]["trace_id"] == "-"


def test_fields_of_no_known_name_are_refused() -> None:
    with pytest.raises(ValueError, match="fields='splunk': must be one of 'otel', 'ecs', 'datad"):
        configure_logging(fields="splunk")  # type: ignore[arg-type]  # the mistake under test


def test_a_line_of_a_call_without_a_tracer_has_ids_of_the_same_form(
    logger: logging.Logger,
) -> None:
    stream = io.StringIO()
    configure_logging(json=True, fields="datadog", stream=stream, logger=logger)
    call(logger.info)
    line = json.loads(stream.getvalue())
    assert int(line["correlation_id"][16:], 16) == int(line["dd.trace_id"])
    assert "dd.span_id" not in line


def test_together_with_the_logging_instrumentation_of_opentelemetry(
    logger: logging.Logger, spans: Spans
) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        logging.Formatter("%(otelTraceID)s %(otelSpanID)s %(trace_id)s %(span_id)s %(message)s")
    )
    handler.addFilter(CorrelationFilter())
    logger.addHandler(handler)
    LoggingInstrumentor().instrument(
        tracer_provider=spans.provider,
        inject_trace_context=True,
        enable_log_auto_instrumentation=False,
    )
    try:
        call(logger.info)
    finally:
        LoggingInstrumentor().uninstrument()
    found = expected(spans, "otel")
    ids = f"{found['trace_id']} {found['span_id']}"
    assert stream.getvalue() == f"{ids} {ids} measured\n"


def test_a_handler_of_opentelemetrys_own_exports_the_correlation_id(
    logger: logging.Logger, spans: Spans
) -> None:
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider = LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    handler = LoggingHandler(logger_provider=provider)
    handler.addFilter(CorrelationFilter())
    logger.addHandler(handler)
    with correlation_id("job-42"):
        call(logger.info)
    (record,) = exporter.get_finished_logs()
    assert dict(record.log_record.attributes or {}) == expected(spans, "otel", "job-42")
    assert format(record.log_record.trace_id or 0, "032x") == expected(spans, "otel")["trace_id"]
    provider.shutdown()
