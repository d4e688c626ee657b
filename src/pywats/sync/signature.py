"""What every exception carries when it leaves a call."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pywats.errors import WATSError

if TYPE_CHECKING:
    from pywats.sync.call import Call

__all__ = ["one_line", "sign"]


class _Note(str):
    """A note of ours, so that it can be told from one that others wrote in the same words."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # An exception may be read back where there is no pywats.
        return str, (str(self),)


def sign(call: Call, error: BaseException, now: float) -> None:
    """Put the call's facts on the exception, and its correlation id into a note (PEP 678).

    An exception object that is raised again and again has the facts and the note of the last call
    that it left.

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
    if call.correlation_id is not None:
        # A frozen dataclass refuses even that; then log line and span tell.
        with suppress(AttributeError, TypeError):
            _note(call.correlation_id, error)


def _note(correlation_id: str, error: BaseException) -> None:
    note = _Note(f"correlation_id={correlation_id}")
    notes: list[str] | None = getattr(error, "__notes__", None)
    if not notes:
        error.add_note(note)
    elif note not in notes:
        notes[:] = [*(each for each in notes if not isinstance(each, _Note)), note]


def one_line(error: Exception) -> str:
    """Return class and message of the error without line breaks: one log record, one line."""
    message = error.message if isinstance(error, WATSError) else str(error)
    return " ".join(f"{type(error).__name__}: {message}".split())
