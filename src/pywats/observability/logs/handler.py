"""Correlation in records of the standard library's logging: a stamp, and two ways to put it on.

`CorrelationHandler` goes around a handler, `CorrelationFilter` on a handler that exists already.
Both set the same fields, and neither overwrites a value that the record has.
"""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING

from pywats.observability.guard import guarded
from pywats.observability.logs.fields import (
    ABSENT,
    current_ids,
    is_given,
    log_fields,
    recorded_ids,
)

if TYPE_CHECKING:
    from typing import Any

    from pywats.observability.logs.fields import FieldNames, LogFields

__all__ = ["CorrelationFilter", "CorrelationHandler", "stamp"]


@guarded("adding the correlation id to a log record")
def stamp(record: logging.LogRecord, fields: LogFields) -> None:
    """Set the fields on the record, each to ``-`` where it has no value.

    A record that was stamped before, where it was written, keeps those ids.
    """
    values = record.__dict__
    found = fields.values(recorded_ids(values) or current_ids())
    for name in fields.names:
        # Filters of other libraries put placeholders where they have no value.
        if not is_given(values.get(name)):
            values[name] = found.get(name, ABSENT)


class CorrelationFilter(logging.Filter):
    """Stamp every record that passes a handler or logger; let all of them through.

    ``handler.addFilter(CorrelationFilter())``

    Args:
        fields: Which names the fields get: ``otel`` sets ``correlation_id``, ``trace_id``,
            ``span_id`` and ``trace_sampled``; ``ecs`` sets ``labels.correlation_id``,
            ``trace.id`` and ``span.id``; ``datadog`` sets ``correlation_id``, and ``dd.trace_id``
            and ``dd.span_id`` in decimal.

    Raises:
        ValueError: There are no fields of that name.
    """

    def __init__(self, fields: FieldNames = "otel") -> None:
        super().__init__()
        self._fields = log_fields(fields)

    def filter(self, record: logging.LogRecord) -> bool:
        """Stamp the record and return True."""
        stamp(record, self._fields)
        return True


class CorrelationHandler(logging.Handler):
    """Stamp a copy of every record and pass it to another handler.

    Handlers beside this one, which may use other names, do not see the fields.

    Args:
        target: The handler that writes the record; its level, filters and formatter apply.
        level: Records below it are dropped before they are stamped.
        fields: Which names the fields get; see `CorrelationFilter`.

    Raises:
        ValueError: There are no fields of that name.
    """

    def __init__(
        self,
        target: logging.Handler,
        level: int = logging.NOTSET,
        *,
        fields: FieldNames = "otel",
    ) -> None:
        super().__init__(level)
        self.target = target
        self._fields = log_fields(fields)

    def handle(self, record: logging.LogRecord) -> Any:
        """Stamp a copy of the record and hand it on, unless a filter or level rejects it.

        Args:
            record: The record; it is left as it is.

        Returns:
            What the target returns; False if the record was rejected.
        """
        # Not through Handler.handle: its lock would be held around the target's own.
        found: object = self.filter(record)
        if not found:
            return False
        # From Python 3.12 on, a filter may put a record of its own in the place of this one.
        if isinstance(found, logging.LogRecord):
            record = found
        record = copy.copy(record)
        stamp(record, self._fields)
        if record.levelno >= self.target.level:
            return self.target.handle(record)
        return False

    def setFormatter(self, fmt: logging.Formatter | None) -> None:  # noqa: N802 - logging's name
        """Set the formatter of the target, the one that takes effect."""
        self.target.setFormatter(fmt)

    def flush(self) -> None:
        """Flush the target."""
        self.target.flush()

    def close(self) -> None:
        """Close the target and this handler."""
        self.target.close()
        super().close()
