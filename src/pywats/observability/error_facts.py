"""Add the facts of a call to the exception that it raises: id, attempts, duration and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pywats import redaction
from pywats.errors import CallError
from pywats.observability.safe_text import summary_of, text_of
from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from pywats.observability.call import Call

__all__ = ["add_note", "one_line", "sign"]

# Largest number of characters of a message in a log line: log stores cut long lines.
_MESSAGE = 2000


class _Note(str):
    """A note by pywats; its class tells it from a note with the same text by other code."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # Pickled as a plain str, so that it can be unpickled where pywats is not installed.
        return str, (str(self),)


# The attribute with the names of the facts that pywats has added. If the exception leaves another
# call, only these attributes are replaced.
_OURS: Final = "__pywats_facts__"


def sign(call: Call, error: BaseException, now: float) -> None:
    """Add the facts of the call to the exception, and show the correlation id in its traceback.

    An error of pywats shows the id in its message; any other exception gets a note (PEP 678).

    An exception of another library keeps the attributes that it already has. If the same exception
    object is raised again, it has the facts and the note of the last call that raised it.

    Args:
        call: The call that raises the exception.
        error: Any exception, also of another library.
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
        _note(call.correlation_id, error)


def add_note(error: BaseException, note: str) -> None:
    """Add a note to an exception, unless its class rejects notes.

    Args:
        error: Any exception; frozen dataclasses, for example, reject notes.
        note: The note.
    """
    try:
        error.add_note(note)
    except Exception as refused:
        if raised_by_signal_handler(refused):
            raise


def _add(facts: dict[str, object], error: BaseException) -> None:
    # An attribute in __dict__ is pickled with the exception. The value holds names only, so that it
    # can be unpickled where pywats is not installed.
    ours: tuple[str, ...] = vars(error).get(_OURS, ())
    added = [name for name, value in facts.items() if _set(error, name, value, ours)]
    _set(error, _OURS, tuple(added), (_OURS,))


def _set(error: BaseException, name: str, value: object, ours: tuple[str, ...]) -> bool:
    """Set an attribute unless the exception has its own; return whether it was set."""
    try:
        if name not in ours and hasattr(error, name):
            return False
        setattr(error, name, value)
    except Exception as refused:
        if raised_by_signal_handler(refused):
            raise
        # A class may refuse new attributes, or have a property that raises; the id is still in the
        # note.
        return False
    return True


def _note(correlation_id: str, error: BaseException) -> None:
    note = _Note(f"correlation_id={correlation_id}")
    # Other code may have set __notes__ to any value. The id is in log and span too.
    notes: object = getattr(error, "__notes__", None)
    if not notes:
        add_note(error, note)
    elif isinstance(notes, list) and note not in notes:
        notes[:] = [*(each for each in notes if not isinstance(each, _Note)), note]


def one_line(error: Exception) -> str:
    """Return class and message of the error, made safe for a log line.

    An error without a message is shown by its repr. The message of another library's error is
    untrusted text: it may quote a server.
    """
    message = error.message if isinstance(error, CallError) else text_of(error)
    return redaction.one_line(summary_of(error, message), limit=_MESSAGE)
