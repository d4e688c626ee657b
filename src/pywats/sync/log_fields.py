"""The fields that tie a log line to its call, under the names that log stores look for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from opentelemetry import trace

from pywats.sync import correlation
from pywats.sync.call import current_call

__all__ = [
    "ABSENT",
    "CORRELATION_NAMES",
    "LOG_FIELDS",
    "TRACE_NAMES",
    "FieldNames",
    "LogFields",
    "current_fields",
    "log_fields",
]

ABSENT = "-"
"""The value of every field outside a call and outside a span, where a field must have a value."""

FieldNames = Literal["otel", "ecs", "datadog"]

_LOW_64_BITS = (1 << 64) - 1


def _unchanged(hexadecimal: str) -> str:
    return hexadecimal


def _datadog_decimal(hexadecimal: str) -> str:
    # Datadog's ids have 64 bits, and its log pipeline reads them in decimal.
    return str(int(hexadecimal, 16) & _LOW_64_BITS)


@dataclass(frozen=True, slots=True)
class LogFields:
    """One way to name the fields.

    Attributes:
        correlation_id: Name of the id that the header and the exception carry.
        trace_id: Name of the trace id.
        span_id: Name of the span id.
        trace_sampled: Name of whether the trace is kept; None where nothing looks for it.
        written: How a trace or span id in lower-case hex is written.
    """

    correlation_id: str
    trace_id: str
    span_id: str
    trace_sampled: str | None
    written: Callable[[str], str] = _unchanged

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order of a log line."""
        all_names = (self.correlation_id, self.trace_id, self.span_id, self.trace_sampled)
        return tuple(name for name in all_names if name is not None)


LOG_FIELDS: dict[str, LogFields] = {
    "otel": LogFields("correlation_id", "trace_id", "span_id", "trace_sampled"),
    # ECS keeps fields that it does not know under labels.
    "ecs": LogFields("labels.correlation_id", "trace.id", "span.id", None),
    "datadog": LogFields("correlation_id", "dd.trace_id", "dd.span_id", None, _datadog_decimal),
}
"""The ways to name the fields, by what they are called in settings."""

CORRELATION_NAMES = frozenset(fields.correlation_id for fields in LOG_FIELDS.values())
"""All names that a correlation id may have in a log line."""

TRACE_NAMES = frozenset(
    name for fields in LOG_FIELDS.values() for name in fields.names if name not in CORRELATION_NAMES
)
"""All names that a trace id, a span id or a sampling decision may have in a log line."""


def log_fields(names: FieldNames) -> LogFields:
    """Return the fields that a name stands for.

    Raises:
        ValueError: There are no fields of that name.
    """
    fields = LOG_FIELDS.get(names)
    if fields is None:
        allowed = ", ".join(repr(name) for name in LOG_FIELDS)
        raise ValueError(f"fields={names!r}: must be one of {allowed}")
    return fields


def current_fields(fields: LogFields) -> dict[str, str | bool]:
    """Return the fields that a log line written here carries; those without a value are left out.

    ``trace_sampled`` is a bool, the others are strings.
    """
    found: dict[str, str | bool] = {}
    correlation_id = correlation.current_correlation_id()
    if correlation_id is not None:
        found[fields.correlation_id] = correlation_id
    context = trace.get_current_span().get_span_context()
    call = current_call()
    if context.is_valid:
        found[fields.trace_id] = fields.written(format(context.trace_id, "032x"))
        found[fields.span_id] = fields.written(format(context.span_id, "016x"))
        sampled = context.trace_flags.sampled
    elif call is not None and call.trace_id is not None:
        found[fields.trace_id] = fields.written(call.trace_id)
        sampled = False
    else:
        return found
    if fields.trace_sampled is not None:
        found[fields.trace_sampled] = sampled
    return found
