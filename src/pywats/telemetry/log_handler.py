"""Log records of the standard library as OpenTelemetry log records."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry import context as otel_context
from opentelemetry._logs import LogRecord, SeverityNumber

from pywats.sync.correlation import current_correlation_id
from pywats.sync.log_fields import ABSENT, CORRELATION_NAMES, TRACE_NAMES
from pywats.sync.telemetry import escape_surrogates, exception_attributes
from pywats.sync.vocabulary import (
    EXCEPTION_MESSAGE,
    EXCEPTION_STACKTRACE,
    EXCEPTION_TYPE,
    Attribute,
    Signal,
)

if TYPE_CHECKING:
    from opentelemetry._logs import LoggerProvider
    from opentelemetry.util.types import AnyValue

__all__ = ["LOG_RECORD", "OTLPHandler"]

CORRELATION_ID = Attribute("correlation_id", str, "the correlation id")
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
    },
)

# What every record has. asctime and message are made by formatters, taskName came with 3.12.
_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"asctime", "message", "taskName"}

# The exporters export in a context with this key, so that nobody exports what they do. The API
# has it under a private name, from where its instrumentations import it too.
_SUPPRESS_INSTRUMENTATION = getattr(
    otel_context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation"
)

# What OTLP's integers hold. A larger one, such as that of a UUID, is exported as text.
_LEAST, _GREATEST = -(2**63), 2**63 - 1

_SEVERITIES = (
    (logging.CRITICAL, SeverityNumber.FATAL),
    (logging.ERROR, SeverityNumber.ERROR),
    (logging.WARNING, SeverityNumber.WARN),
    (logging.INFO, SeverityNumber.INFO),
    (logging.DEBUG, SeverityNumber.DEBUG),
)


class OTLPHandler(logging.Handler):
    """Passes records to a logger provider, with the span they were written in.

    The correlation id and what the caller gave as ``extra`` become attributes. Records that an
    exporter writes while it exports are left out: exporting them would never end.

    Args:
        provider: Where the records go.
    """

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._provider = provider

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the record on."""
        if otel_context.get_value(_SUPPRESS_INSTRUMENTATION):
            return
        # The SDK may log, too: that its queue is full, or that an attribute is odd.
        token = otel_context.attach(otel_context.set_value(_SUPPRESS_INSTRUMENTATION, True))
        try:
            self._provider.get_logger(escape_surrogates(record.name)).emit(
                LogRecord(
                    timestamp=int(record.created * 1e9),
                    context=otel_context.get_current(),
                    severity_text=escape_surrogates(record.levelname),
                    severity_number=_severity(record.levelno),
                    body=escape_surrogates(record.getMessage()),
                    attributes=_attributes(record),
                )
            )
        except Exception:  # noqa: BLE001 - what every handler does with its own failure
            self.handleError(record)
        finally:
            otel_context.detach(token)


def _severity(level: int) -> SeverityNumber:
    return next((number for least, number in _SEVERITIES if level >= least), SeverityNumber.TRACE)


def _attributes(record: logging.LogRecord) -> dict[str, AnyValue]:
    attributes = {
        escape_surrogates(str(name)): _exportable(value)
        for name, value in record.__dict__.items()
        if name not in _OWN and name not in TRACE_NAMES
    }
    # One that the caller gave as extra stays; a stamp that found none does not.
    for name in CORRELATION_NAMES:
        if attributes.get(name) == ABSENT:
            del attributes[name]
    if CORRELATION_ID.name not in attributes:
        correlation_id = current_correlation_id()
        if correlation_id is not None:
            attributes[CORRELATION_ID.name] = correlation_id
    if record.exc_info is not None and record.exc_info[1] is not None:
        attributes.update(exception_attributes(record.exc_info[1]))
    return attributes


def _exportable(value: object) -> AnyValue:
    if isinstance(value, float) or (isinstance(value, int) and _LEAST <= value <= _GREATEST):
        return value
    return escape_surrogates(value if isinstance(value, str) else str(value))
