"""Rows of the database of an outbox, which may be damaged.

One damaged row must not keep the other reports from being sent, so reading a row never fails.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Self
from uuid import UUID

from pywats.observability.guard import log_safely
from pywats.redaction import one_line

__all__ = ["COLUMNS", "Format", "Row", "readable", "seconds_of"]

Format = Literal["WSJF", "WSXF"]
COLUMNS: Final = "seq, id, format, kept_at, size, failures, error, carrier"

logger = logging.getLogger("pywats.outbox")


@dataclass(frozen=True, slots=True)
class Row:
    """A report in the outbox.

    Attributes:
        seq: Its place in the order of sending.
        report_id: Its id.
        format: ``WSJF`` or ``WSXF``; another text in a damaged row.
        kept_at: Time at which it was kept, in seconds since 1970; 0 if it cannot be read.
        size: Bytes of its document.
        failures: Number of failed attempts to send it.
        error: Error of the last attempt to send it; None before the first attempt.
        carrier: Trace context and correlation id of the call that kept it; empty if they cannot be
            read.
        content: Its document; empty if the query did not read it, or if it cannot be read.
        damage: Why it cannot be sent; None if it can.
    """

    seq: int
    report_id: str
    format: str
    kept_at: float
    size: int
    failures: int
    error: str | None
    carrier: Mapping[str, str]
    content: bytes = b""
    damage: str | None = None

    @classmethod
    def of(  # noqa: PLR0917 - the columns
        cls,
        seq: int,
        report_id: object,
        form: object,
        kept_at: object,
        size: object,
        failures: object,
        error: object,
        carrier: object,
        content: object = b"",
    ) -> Self:
        """Return the row with these values, whatever they are."""
        known_as = readable(report_id)
        damage = None
        if form not in {"WSJF", "WSXF"}:
            damage = f"its format is {one_line(readable(form))!r}, and must be WSJF or WSXF"
        elif not isinstance(content, bytes):
            damage = f"its document is stored as {type(content).__name__}, and must be bytes"
        return cls(
            seq,
            known_as,
            readable(form),
            seconds_of(kept_at) or 0.0,
            _number(size),
            _number(failures),
            None if error is None else readable(error),
            _carrier(known_as, carrier),
            content if isinstance(content, bytes) else b"",
            damage,
        )

    @property
    def has_valid_id(self) -> bool:
        """Whether the id is a UUID, so that a response can confirm it."""
        try:
            UUID(self.report_id)
        except ValueError:
            return False
        return True


def seconds_of(value: object) -> float | None:
    """Return a time in seconds since 1970; None if the value is not a time."""
    if not isinstance(value, int | float):
        return None
    try:
        datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return float(value)


def readable(value: object) -> str:
    """Return a value of a row as a text; bytes that are not UTF-8 are escaped."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _carrier(report_id: str, value: object) -> Mapping[str, str]:
    try:
        found = json.loads(readable(value))
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(isinstance(each, str) for each in found.values()):
        return found
    log_safely(
        logger,
        logging.WARNING,
        "the trace context of the report %s in the outbox is damaged: the report is sent without",
        one_line(report_id),
    )
    return {}
