"""The fields that connect a log line with its call, under the names that log stores expect."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pywats.observability import correlation
from pywats.observability.call import current_call
from pywats.observability.otel_context import current_span_context
from pywats.observability.span_scope import trace_id_of

__all__ = [
    "ABSENT",
    "CORRELATION_NAMES",
    "LOG_FIELDS",
    "TRACE_NAMES",
    "FieldNames",
    "Ids",
    "LogFields",
    "current_fields",
    "current_ids",
    "is_given",
    "is_stamp_of_others",
    "log_fields",
    "recorded_ids",
]

ABSENT = "-"
"""The value of a field outside a call and a span, if a format requires a value."""

FieldNames = Literal["otel", "ecs", "datadog"]

_LOW_64_BITS = (1 << 64) - 1


class Ids(NamedTuple):
    """The ids that connect a log line with its call.

    Attributes:
        correlation_id: The correlation id; None if there is none.
        trace_id: The trace id as 32 hex digits; None if there is none.
        span_id: The span id as 16 hex digits; None if there is none.
        sampled: Whether the trace is sampled; None if there is no trace.
    """

    correlation_id: str | None
    trace_id: str | None
    span_id: str | None
    sampled: bool | None


def is_given(value: object) -> bool:
    """Return whether a field of a record has a value, and not a placeholder set by a filter."""
    if isinstance(value, bool):
        return True
    return value is not None and value not in ("", ABSENT, "0", 0)


def _unchanged(hexadecimal: str) -> str:
    return hexadecimal


def _datadog_decimal(hexadecimal: str) -> str:
    # Datadog's ids have 64 bits, and its log pipeline reads them in decimal.
    return str(int(hexadecimal, 16) & _LOW_64_BITS)


@dataclass(frozen=True, slots=True)
class LogFields:
    """One set of names for the fields.

    Attributes:
        correlation_id: Name of the correlation id.
        trace_id: Name of the trace id.
        span_id: Name of the span id.
        trace_sampled: Name of the sampling decision; None if the log store does not use it.
        written: Converts a trace or span id from lower-case hex to the form in the log line.
    """

    correlation_id: str
    trace_id: str
    span_id: str
    trace_sampled: str | None
    written: Callable[[str], str] = _unchanged

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in their order in a log line."""
        all_names = (self.correlation_id, self.trace_id, self.span_id, self.trace_sampled)
        return tuple(name for name in all_names if name is not None)

    def values(self, ids: Ids) -> dict[str, str | bool]:
        """Return the fields that have a value, by their names."""
        found: dict[str, str | bool] = {}
        if ids.correlation_id is not None:
            found[self.correlation_id] = ids.correlation_id
        if ids.trace_id is not None:
            found[self.trace_id] = self.written(ids.trace_id)
        if ids.span_id is not None:
            found[self.span_id] = self.written(ids.span_id)
        if ids.sampled is not None and self.trace_sampled is not None:
            found[self.trace_sampled] = ids.sampled
        return found


LOG_FIELDS: dict[str, LogFields] = {
    "otel": LogFields("correlation_id", "trace_id", "span_id", "trace_sampled"),
    # ECS puts custom fields under labels.
    "ecs": LogFields("labels.correlation_id", "trace.id", "span.id", None),
    "datadog": LogFields("correlation_id", "dd.trace_id", "dd.span_id", None, _datadog_decimal),
}
"""The sets of names for the fields, by their name in settings."""

CORRELATION_NAMES = frozenset(fields.correlation_id for fields in LOG_FIELDS.values())
"""All names that a correlation id may have in a log line."""

TRACE_NAMES = frozenset(
    name for fields in LOG_FIELDS.values() for name in fields.names if name not in CORRELATION_NAMES
)
"""All names that a trace id, a span id or a sampling decision may have in a log line."""


def log_fields(names: FieldNames) -> LogFields:
    """Return the set of names that a setting selects.

    Raises:
        ValueError: The setting is unknown.
    """
    fields = LOG_FIELDS.get(names)
    if fields is None:
        allowed = ", ".join(repr(name) for name in LOG_FIELDS)
        raise ValueError(f"fields={names!r}: must be one of {allowed}")
    return fields


def current_fields(fields: LogFields) -> dict[str, str | bool]:
    """Return the fields of a log line that is written now, without the fields that have no value.

    ``trace_sampled`` is a bool, the other fields are strings.
    """
    return fields.values(current_ids())


def current_ids() -> Ids:
    """Return the ids of a log line that is written now."""
    correlation_id = correlation.current_correlation_id()
    context = current_span_context()
    call = current_call()
    if call is not None and call.ended and trace_id_of(context) in {None, call.trace_id}:
        # This code was left behind by a call that has returned: the call's trace is not its own.
        return Ids(correlation_id, None, None, None)
    if context.is_valid:
        return Ids(
            correlation_id,
            format(context.trace_id, "032x"),
            format(context.span_id, "016x"),
            context.trace_flags.sampled,
        )
    if call is not None and call.trace_id is not None:
        return Ids(correlation_id, call.trace_id, None, sampled=False)
    return Ids(correlation_id, None, None, None)


_HEX = frozenset("0123456789abcdef")
_DECIMAL = re.compile("[0-9]{1,20}")


def recorded_ids(values: Mapping[str, object]) -> Ids | None:
    """Return the ids that a record got when it was written; None if it was not stamped.

    They are needed for a record from a queue, which is handled in another thread or process.

    Args:
        values: The attributes of the record.
    """
    for fields in LOG_FIELDS.values():
        if fields.trace_id not in values:
            continue
        own = values.get(fields.correlation_id)
        correlation_id = own if isinstance(own, str) and is_given(own) else None
        if fields.written is _unchanged:
            trace_id = _hex_id(values[fields.trace_id], 32)
            span_id = _hex_id(values.get(fields.span_id), 16)
        else:
            trace_id = _of_low_bits(values[fields.trace_id], correlation_id)
            span_id = _of_decimal(values.get(fields.span_id))
        sampled = values.get(fields.trace_sampled) if fields.trace_sampled is not None else None
        if correlation_id is not None or trace_id is not None:
            known = isinstance(sampled, bool) and trace_id is not None
            return Ids(correlation_id, trace_id, span_id, bool(sampled) if known else None)
    return None


def _hex_id(value: object, digits: int) -> str | None:
    fit = isinstance(value, str) and len(value) == digits and _HEX.issuperset(value)
    return value if isinstance(value, str) and fit and int(value, 16) else None


def _of_decimal(value: object) -> str | None:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return _hex_id(format(int(value), "016x"), 16)
    return None


def _of_low_bits(value: object, correlation_id: str | None) -> str | None:
    # Datadog's field has only the lower half of the trace id; the correlation id may be all of it.
    low, full = _of_decimal(value), _hex_id(correlation_id, 32)
    return full if low is not None and full is not None and full.endswith(low) else None


def is_stamp_of_others(name: str, value: object, fields: LogFields, ids: Ids) -> bool:
    """Return whether an attribute of a record was set by a filter that uses other names.

    Args:
        name: Name of the attribute.
        value: Value of the attribute.
        fields: The names to use.
        ids: The ids of the record.
    """
    if name in fields.names:
        return False
    return any(
        name in others.names and (not is_given(value) or others.values(ids).get(name) == value)
        for others in LOG_FIELDS.values()
    )
