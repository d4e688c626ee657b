"""Correlation for logging libraries that do not use the standard library's: structlog and loguru.

Neither library is imported here: structlog calls its processor with a dictionary, and loguru calls
its patcher with the record that it will write.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from pywats.observability.logs.credentials import redacted_value
from pywats.observability.logs.fields import (
    ABSENT,
    current_fields,
    current_ids,
    is_given,
    log_fields,
    recorded_ids,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

    from pywats.observability.logs.fields import FieldNames

__all__ = ["loguru_patcher", "structlog_processor"]


def structlog_processor(
    fields: FieldNames = "otel",
) -> Callable[[object, str, MutableMapping[str, object]], MutableMapping[str, object]]:
    """Return a structlog processor that adds the fields of the call to every event.

    Credentials in URLs are redacted in the texts of the event, but not in its exception, unless
    the processor stands after the one that formats exceptions.

    Use it as ``structlog.configure(processors=[structlog_processor(), JSONRenderer()])``. Fields
    without a value are left out; fields that an event already has are not overwritten, unless they
    are placeholders such as ``-`` or None. A record of the standard library that was stamped when
    it was written, such as a record from a queue, keeps its ids.

    Args:
        fields: Which names the fields get; see `CorrelationFilter`.

    Raises:
        ValueError: The value of ``fields`` is unknown.
    """
    names = log_fields(fields)

    def add_correlation(
        _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        # A record of the standard library may come from a queue, in another thread.
        record = event.get("_record")
        stamped = recorded_ids(record.__dict__) if isinstance(record, logging.LogRecord) else None
        for name, value in names.values(stamped or current_ids()).items():
            if not is_given(event.get(name)):
                event[name] = value
        for key in list(event):
            event[key] = redacted_value(event[key])
        return event

    return add_correlation


def loguru_patcher(fields: FieldNames = "otel") -> Callable[[Mapping[str, object]], None]:
    """Return a loguru patcher that adds the fields of the call to ``extra`` of every record.

    Credentials in URLs are redacted in the message and in ``extra``, but not in the exception.

    Use it as ``logger.configure(patcher=loguru_patcher())``, with ``{extra[correlation_id]}`` in
    the format. A field without a value is ``-``, because loguru's formats fail if a field is
    missing; fields that a logger has bound are not overwritten, unless they are placeholders such
    as ``-`` or None.

    Args:
        fields: Which names the fields get; see `CorrelationFilter`.

    Raises:
        ValueError: The value of ``fields`` is unknown.
    """
    names = log_fields(fields)

    def add_correlation(record: Mapping[str, object]) -> None:
        extra = cast("dict[str, object]", record["extra"])
        found = current_fields(names)
        for name in names.names:
            # Programs bind placeholders, so that the format does not fail without a value.
            if not is_given(extra.get(name)):
                extra[name] = found.get(name, ABSENT)
        for key in list(extra):
            extra[key] = redacted_value(extra[key])
        # loguru lets a patcher change the record, whatever its type says.
        changeable = cast("dict[str, object]", record)
        changeable["message"] = redacted_value(record["message"])

    return add_correlation
