"""What every exception carries when it leaves a call."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pywats import redaction
from pywats.errors import CallError
from pywats.observability.safe_text import summary_of, text_of
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from pywats.observability.call import Call

__all__ = ["one_line", "sign"]

# Characters of a message in a log line. Log stores cut lines at some kilobytes.
_MESSAGE = 2000


class _Note(str):
    """A note by pywats, to be told from a note that others wrote in the same words."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # An exception may be read back where there is no pywats.
        return str, (str(self),)


# Names of the attributes that are not the exception's own, for when it leaves another call.
_OURS: Final = "__pywats_facts__"


def sign(call: Call, error: BaseException, now: float) -> None:
    """Put the call's facts on the exception, the correlation id also where a traceback shows it.

    That is the message of an error of pywats, and a note (PEP 678) on any other exception.

    An exception of another library keeps the attributes that it has. An exception object that is
    raised again and again has the facts and the note of the last call that it left.

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
        "server_request_id": call.server_request_id,
        "response_headers": dict(call.response_headers),
    }
    if isinstance(error, CallError):
        error.may_have_been_executed |= call.may_have_been_executed
        vars(error).update(facts)
        return
    _add(facts, error)
    if call.correlation_id is not None:
        # A frozen dataclass refuses even that; then log line and span tell.
        with suppress(AttributeError, TypeError):
            _note(call.correlation_id, error)


def _add(facts: dict[str, object], error: BaseException) -> None:
    # In __dict__, where an exception has what it is pickled with. It holds names alone, so that it
    # can be read back where pywats is not installed.
    ours: tuple[str, ...] = vars(error).get(_OURS, ())
    added = [name for name, value in facts.items() if _set(error, name, value, ours)]
    # A class may refuse new attributes.
    with suppress(AttributeError, TypeError):
        setattr(error, _OURS, tuple(added))


def _set(error: BaseException, name: str, value: object, ours: tuple[str, ...]) -> bool:
    """Set an attribute unless the exception has one of its own; return whether it is set."""
    try:
        if name not in ours and hasattr(error, name):
            return False
        setattr(error, name, value)
    except Exception as refused:
        if raised_by_signal_handler(refused):
            raise
        # A class may refuse new attributes, or have a property that raises; the note still tells.
        return False
    return True


def _note(correlation_id: str, error: BaseException) -> None:
    note = _Note(f"correlation_id={correlation_id}")
    notes: list[str] | None = getattr(error, "__notes__", None)
    if not notes:
        error.add_note(note)
    elif note not in notes:
        notes[:] = [*(each for each in notes if not isinstance(each, _Note)), note]


def one_line(error: Exception) -> str:
    """Return class and message of the error as a log line may show them.

    An error without a message is shown by its repr. The message of a foreign error is text from
    outside: it may quote what some server sent.
    """
    message = error.message if isinstance(error, CallError) else text_of(error)
    return redaction.one_line(summary_of(error, message), limit=_MESSAGE)
