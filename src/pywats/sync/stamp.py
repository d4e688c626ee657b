"""Correlation in log records: a stamp, and two ways to put it on.

`CorrelationHandler` goes around a handler, `CorrelationFilter` on a handler one
already has. Both set the same fields, and neither overwrites a field that the
record already has.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry import trace

from pywats.sync import correlation
from pywats.sync.call import current_call

if TYPE_CHECKING:
    from typing import Any

__all__ = ["ABSENT", "FIELDS", "CorrelationFilter", "CorrelationHandler", "stamp"]

ABSENT = "-"
"""The value of every field outside a call and outside a span."""

FIELDS = ("correlation_id", "trace_id", "span_id", "trace_sampled")


def stamp(record: logging.LogRecord) -> None:
    """Set ``correlation_id``, ``trace_id``, ``span_id`` and ``trace_sampled`` on the record.

    ``trace_sampled`` is a bool, the others are strings; each is ``-`` where it has no value.
    """
    context = trace.get_current_span().get_span_context()
    fields: dict[str, object]
    if context.is_valid:
        fields = {
            "trace_id": format(context.trace_id, "032x"),
            "span_id": format(context.span_id, "016x"),
            "trace_sampled": context.trace_flags.sampled,
        }
    else:
        call = current_call()
        traced = call is not None and call.trace_id is not None
        fields = {
            "trace_id": call.trace_id if call is not None and traced else ABSENT,
            "span_id": ABSENT,
            "trace_sampled": False if traced else ABSENT,
        }
    fields["correlation_id"] = correlation.current_correlation_id() or ABSENT
    for name, value in fields.items():
        record.__dict__.setdefault(name, value)


class CorrelationFilter(logging.Filter):
    """Stamp every record that passes a handler or logger; let all of them through.

    ``handler.addFilter(CorrelationFilter())``
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Stamp the record and return True."""
        stamp(record)
        return True


class CorrelationHandler(logging.Handler):
    """Stamp every record and pass it to another handler.

    Args:
        target: The handler that writes the record; its level, filters and formatter apply.
        level: Records below it are dropped before they are stamped.
    """

    def __init__(self, target: logging.Handler, level: int = logging.NOTSET) -> None:
        super().__init__(level)
        self.target = target

    def handle(self, record: logging.LogRecord) -> Any:
        """Stamp the record and hand it on, unless a filter or level rejects it."""
        # Not through Handler.handle: its lock would be held around the target's own.
        if not self.filter(record):
            return False
        stamp(record)
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
