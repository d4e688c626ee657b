"""The log line of one HTTP attempt."""

from __future__ import annotations

import logging
from typing import Final

from pywats.observability.guard import guarded

__all__ = ["is_logged", "log_attempt"]

logger: Final = logging.getLogger("pywats.http")


def is_logged() -> bool:
    """Return whether attempts are logged: most programs set a higher level than INFO."""
    return logger.isEnabledFor(logging.INFO)


@guarded("writing the log line of an attempt")
def log_attempt(
    name: str,
    seconds: float,
    failed: str | None,
    *,
    status: int,
    attempt: int,
    reused: bool | None,
) -> None:
    """Write the log line of an attempt that is over.

    Args:
        name: Method and path template of the request.
        seconds: How long the attempt took.
        failed: Class of the error it ended with; None if there was none.
        status: Status of the response; 0 if there was none.
        attempt: Number of the attempt in its call, from 1.
        reused: Whether the connection had served another request before; None if there was no
            connection.
    """
    outcome = str(status) if status else f"failed with {failed}"
    if reused is None:
        connection = "no connection"
    else:
        connection = "reused connection" if reused else "new connection"
    logger.info(
        "%s: %s in %.1f ms (attempt %d, %s)",
        name,
        outcome,
        seconds * 1000,
        attempt,
        connection,
    )
