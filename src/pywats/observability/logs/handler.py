"""Add the ids of the call to records of the standard library's logging, and redact credentials.

`CorrelationHandler` wraps a handler; `CorrelationFilter` is added to an existing handler. Both set
the same fields, and do not overwrite a value that the record already has. Both redact the
credentials in URLs that other libraries log, such as httpx the URL of every request.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pywats.observability.guard import guarded
from pywats.observability.logs.credentials import redact_record
from pywats.observability.logs.fields import (
    ABSENT,
    current_ids,
    is_given,
    log_fields,
    recorded_ids,
)
from pywats.observability.logs.json_lines import JsonFormatter

if TYPE_CHECKING:
    from typing import Any

    from pywats.observability.logs.fields import FieldNames, LogFields

__all__ = ["CorrelationFilter", "CorrelationHandler", "stamp"]


@guarded("adding the correlation id to a log record")
def stamp(record: logging.LogRecord, fields: LogFields) -> None:
    """Set the fields on the record; a field without a value is ``-``.

    A record that was already stamped when it was written keeps its ids.
    """
    values = record.__dict__
    found = fields.values(recorded_ids(values) or current_ids())
    for name in fields.names:
        # Replace the placeholders that filters of other libraries set.
        if not is_given(values.get(name)):
            values[name] = found.get(name, ABSENT)


class CorrelationFilter(logging.Filter):
    """Stamp every record that passes a handler or logger; no record is rejected.

    Credentials in URLs are redacted: in the message, in the text of a traceback, and in texts of
    ``extra``. So are the values of secret headers in the DEBUG lines of httpcore. The exception
    itself is not changed, because other handlers get the same record: a formatter that reads
    ``exc_info``, and not ``exc_text``, shows what the exception holds. Use a `CorrelationHandler`
    around its handler.

    Use it as ``handler.addFilter(CorrelationFilter())``.

    Args:
        fields: Which names the fields get: ``otel`` sets ``correlation_id``, ``trace_id``,
            ``span_id`` and ``trace_sampled``; ``ecs`` sets ``labels.correlation_id``,
            ``trace.id`` and ``span.id``; ``datadog`` sets ``correlation_id``, and ``dd.trace_id``
            and ``dd.span_id`` in decimal.

    Raises:
        ValueError: The value of ``fields`` is unknown.
    """

    def __init__(self, fields: FieldNames = "otel") -> None:
        super().__init__()
        self._fields = log_fields(fields)

    def filter(self, record: logging.LogRecord) -> bool:
        """Stamp the record and return True."""
        # First, while the record has no attributes but its own.
        redact_record(record)
        stamp(record, self._fields)
        return True


class CorrelationHandler(logging.Handler):
    """Stamp a copy of every record and pass it to another handler.

    Credentials in the copy are redacted as by `CorrelationFilter`. If the traceback of an exception
    has some, its redacted text (``exc_text``) replaces the exception. Other handlers of the logger
    get the record as it was logged, without the fields.

    Args:
        target: The handler that writes the record; its level, filters and formatter apply.
        level: Records below this level are dropped before they are stamped.
        fields: Which names the fields get; see `CorrelationFilter`.

    Raises:
        TypeError: The target is not a handler.
        ValueError: The value of ``fields`` is unknown.
    """

    def __init__(
        self,
        target: logging.Handler,
        level: int = logging.NOTSET,
        *,
        fields: FieldNames = "otel",
    ) -> None:
        _check_target(target)
        super().__init__(level)
        self.target = target
        self._fields = log_fields(fields)

    def handle(self, record: logging.LogRecord) -> Any:
        """Stamp a copy of the record and pass it on, unless a filter or level rejects it.

        Args:
            record: The record, which is not changed.

        Returns:
            The result of the target; False if the record was rejected.
        """
        # Handler.handle is not called: it would hold this handler's lock while the target takes
        # its own lock.
        found: object = self.filter(record)
        if not found:
            return False
        # Since Python 3.12, a filter may return another record in place of this one.
        if isinstance(found, logging.LogRecord):
            record = found
        record = copy.copy(record)
        # First, while the record has no attributes but its own.
        keeps_exception = isinstance(self.target.formatter, JsonFormatter)
        redact_record(record, keeps_exception=keeps_exception)
        stamp(record, self._fields)
        if record.levelno >= self.target.level:
            return self.target.handle(record)
        return False

    def setFormatter(self, fmt: logging.Formatter | None) -> None:  # noqa: N802 - logging's name
        """Set the formatter of the target, which formats the records."""
        self.target.setFormatter(fmt)

    def flush(self) -> None:
        """Flush the target."""
        self.target.flush()

    def close(self) -> None:
        """Close the target and this handler."""
        self.target.close()
        super().close()


def _check_target(target: object) -> None:
    if isinstance(target, logging.Handler):
        return
    # Without the value: dictConfig makes the handler again without its stream if the message has
    # the word 'stream' in quotes, as the settings of a handler do.
    message = f"target: must be a logging.Handler, not {type(target).__name__}"
    if isinstance(target, Mapping):
        message += (
            ". logging.config had not made the target yet, because it makes handlers in the "
            "alphabetical order of their names: give this handler a name after the name of its "
            "target, or add a CorrelationFilter to the target instead"
        )
    elif isinstance(target, str):
        message += ". In logging.config, write 'cfg://handlers.<name>' for a handler by its name"
    raise TypeError(message)
