"""What every exception carries when it leaves a call."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pywats.errors import WATSError

if TYPE_CHECKING:
    from pywats.sync.call import Call

__all__ = ["one_line", "sign"]


def sign(call: Call, error: BaseException, now: float) -> None:
    """Put the call's facts on the exception, and its correlation id into a note (PEP 678).

    Args:
        call: The call that the exception leaves.
        error: Any exception, foreign ones included.
        now: The time on the monotonic clock.
    """
    facts: dict[str, object] = {
        "correlation_id": call.correlation_id,
        "attempts": tuple(call.attempts),
        "elapsed": now - call.started,
        "stop_reason": call.stop_reason,
    }
    if isinstance(error, WATSError):
        error.may_have_been_executed |= call.may_have_been_executed
    for name, value in facts.items():
        # A class may refuse new attributes (__slots__, a read-only property of that name); the
        # note below still tells.
        with suppress(AttributeError, TypeError):
            setattr(error, name, value)
    if call.correlation_id is None:
        return
    note = f"correlation_id={call.correlation_id}"
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def one_line(error: Exception) -> str:
    """Return class and message of the error without line breaks: one log record, one line."""
    message = error.message if isinstance(error, WATSError) else str(error)
    return " ".join(f"{type(error).__name__}: {message}".split())
