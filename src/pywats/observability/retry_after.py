"""Parse the header ``Retry-After``."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["parse_retry_after"]


def parse_retry_after(
    value: str | None,
    date: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks to wait (RFC 9110 section 10.2.3).

    Args:
        value: The header: seconds, or an HTTP date.
        date: The header ``Date`` of the same response. An HTTP date is compared with it, so that
            the result does not depend on the clock of this machine.
        now: Returns the time to compare with if ``date`` is missing or is not an HTTP date.

    Returns:
        Seconds of at least 0; None if there is no header, or if it is not valid.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        until = _http_date(value)
        if until is None:
            return None
        seconds = (until - (_http_date(date or "") or now())).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
