"""Convert log records of the standard library to OpenTelemetry log records."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber

from pywats.observability.logs.fields import (
    CORRELATION_NAMES,
    TRACE_NAMES,
    current_ids,
    is_given,
    recorded_ids,
)
from pywats.observability.logs.json_lines import STANDARD_ATTRIBUTES, exception_of, message_of
from pywats.observability.otel_context import (
    SUPPRESS_INSTRUMENTATION,
    attach,
    current_context,
    with_value,
)
from pywats.observability.safe_text import escape_surrogates, text_of
from pywats.observability.semconv import (
    EXCEPTION_MESSAGE,
    EXCEPTION_STACKTRACE,
    EXCEPTION_TYPE,
    Attribute,
    Signal,
)
from pywats.observability.spans import exception_attributes
from pywats.redaction import without_credentials

if TYPE_CHECKING:
    from typing import Any

    from opentelemetry._logs import LoggerProvider
    from opentelemetry.context import Context
    from opentelemetry.util.types import AnyValue

    from pywats.observability.logs.fields import Ids

__all__ = ["LOG_RECORD", "OTLPHandler"]

CORRELATION_ID = Attribute("correlation_id", str, "the correlation id")
CODE_FILE = Attribute("code.file.path", str, "file of the log call")
CODE_LINE = Attribute("code.line.number", int, "its line")
CODE_FUNCTION = Attribute("code.function.name", str, "its function")
CODE_STACKTRACE = Attribute("code.stacktrace", str, "the stack of the log call")
LOG_RECORD = Signal(
    "<logger>",
    "log record",
    "A record of the standard library, with trace id and span id in their own fields. What the "
    "program gives as `extra` becomes attributes as well.",
    {
        CORRELATION_ID: "a call or span is running, or the program has set one",
        EXCEPTION_TYPE: "the record has an exception",
        EXCEPTION_MESSAGE: "the record has an exception",
        EXCEPTION_STACKTRACE: "the record has an exception",
        CODE_FILE: "`code_attributes=True`",
        CODE_LINE: "`code_attributes=True`",
        CODE_FUNCTION: "`code_attributes=True`",
        CODE_STACKTRACE: "`code_attributes=True`, and the call had `stack_info=True`",
    },
)

# Largest number of characters of a text: a collector refuses a batch that is too large.
_LONGEST = 64 * 1024
# The range of integers in OTLP. A larger integer, such as `UUID.int`, is exported as text.
_LEAST, _GREATEST = -(2**63), 2**63 - 1

_SEVERITIES = (
    (logging.CRITICAL, SeverityNumber.FATAL),
    (logging.ERROR, SeverityNumber.ERROR),
    (logging.WARNING, SeverityNumber.WARN),
    (logging.INFO, SeverityNumber.INFO),
    (logging.DEBUG, SeverityNumber.DEBUG),
)


class OTLPHandler(logging.Handler):
    """Pass log records to a logger provider, with the span in which they were written.

    The correlation id and the values of ``extra`` become attributes. A record that was stamped when
    it was written, such as a record from a queue, keeps its ids. Records that an exporter writes
    while it exports are left out: exporting them would cause an endless loop.

    Args:
        provider: Receives the records.
        code: Whether file, line and function of the log call become attributes, and the stack
            that ``stack_info=True`` adds.
        last_resort: Whether `logging.lastResort` writes a record that no other handler takes, as
            logging does if there is no handler at all.
    """

    def __init__(
        self, provider: LoggerProvider, *, code: bool = False, last_resort: bool = False
    ) -> None:
        super().__init__()
        self._provider = provider
        self._code = code
        self._last_resort = last_resort

    def handle(self, record: logging.LogRecord) -> Any:
        """Pass the record on, unless a filter rejects it."""
        result = super().handle(record)
        resort = logging.lastResort
        wanted = self._last_resort and resort is not None and record.levelno >= resort.level
        if resort is not None and wanted and self._is_alone(record.name):
            resort.handle(record)
        return result

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the record on."""
        context = current_context()
        if context is not None and context.get(SUPPRESS_INSTRUMENTATION):
            return
        # The SDK may log too, for example that its queue is full or an attribute is not valid.
        quiet = with_value(SUPPRESS_INSTRUMENTATION, True, context)
        attach(quiet)
        try:
            self._emit(record)
        except Exception:  # noqa: BLE001 - every handler reports its failures this way
            self.handleError(record)
        finally:
            if quiet is not None:
                attach(context)

    def _emit(self, record: logging.LogRecord) -> None:
        ids = recorded_ids(record.__dict__) or current_ids()
        self._provider.get_logger(escape_surrogates(text_of(record.name))).emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                context=_context(ids),
                severity_text=escape_surrogates(text_of(record.levelname)),
                severity_number=_severity(record.levelno),
                body=_cut(message_of(record)),
                attributes=self._attributes(record, ids),
            )
        )

    def _attributes(self, record: logging.LogRecord, ids: Ids) -> dict[str, AnyValue]:
        attributes = {
            escape_surrogates(text_of(name)): _exportable(value)
            for name, value in record.__dict__.items()
            if name not in STANDARD_ATTRIBUTES
            and name not in TRACE_NAMES
            and not (name in CORRELATION_NAMES and not is_given(value))
        }
        if CORRELATION_ID.name not in attributes and ids.correlation_id is not None:
            attributes[CORRELATION_ID.name] = ids.correlation_id
        error = exception_of(record)
        if error is not None:
            attributes.update(exception_attributes(error))
        elif record.exc_text and not record.exc_info:
            # A SocketHandler cannot send the exception: it has replaced it with its text.
            attributes[EXCEPTION_STACKTRACE.name] = _cut(text_of(record.exc_text))
        if self._code:
            attributes[CODE_FILE.name] = escape_surrogates(text_of(record.pathname))
            attributes[CODE_LINE.name] = record.lineno
            attributes[CODE_FUNCTION.name] = escape_surrogates(text_of(record.funcName))
            if record.stack_info:
                attributes[CODE_STACKTRACE.name] = _cut(text_of(record.stack_info))
        return attributes

    def _is_alone(self, name: str) -> bool:
        """Return whether no other handler takes the records of a logger."""
        found = (
            logging.root if name == logging.root.name else logging.root.manager.loggerDict.get(name)
        )
        logger = found if isinstance(found, logging.Logger) else None
        while logger is not None:
            if any(handler is not self for handler in logger.handlers):
                return False
            logger = logger.parent if logger.propagate else None
        return True


def _context(ids: Ids) -> Context | None:
    """Return a context with the span that the record was written in."""
    context = current_context()
    if ids.trace_id is None or ids.span_id is None:
        return context
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED if ids.sampled else trace.TraceFlags.DEFAULT)
    span = trace.SpanContext(int(ids.trace_id, 16), int(ids.span_id, 16), False, flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(span), context)


def _severity(level: int) -> SeverityNumber:
    return next((number for least, number in _SEVERITIES if level >= least), SeverityNumber.TRACE)


def _exportable(value: object) -> AnyValue:
    if isinstance(value, float) or (isinstance(value, int) and _LEAST <= value <= _GREATEST):
        return value
    return _cut(text_of(value))


def _cut(text: str) -> str:
    text = without_credentials(text)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text)} characters)"
    return escape_surrogates(text)
