"""One structured log line at the end of a call: outcome, duration and number of attempts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pywats.errors import WATSStatusError
from pywats.observability.error_facts import one_line
from pywats.observability.guard import guarded
from pywats.observability.semconv import RESPONSE_HEADER

if TYPE_CHECKING:
    from pywats.observability.call import Call

__all__ = ["log_call"]

logger: Final = logging.getLogger("pywats.call")

_SERVER_ERROR: Final = 500
_TOO_MANY_REQUESTS: Final = 429


@guarded("writing the log line of a call")
def log_call(
    call: Call, seconds: float, error: BaseException | None, slow: float | None = None
) -> None:
    """Write the log line of a call that has ended.

    A call that fails and a slow call have a log line; at level DEBUG, every call has a log line.
    The level of a failure is WARNING if it was or could have been retried, or if another attempt or
    the operator may fix it (a time limit, a connection, a status of 429 or from 500). Otherwise it
    is INFO: the caller must handle it. It is also INFO if a call inside this call has already
    logged the same exception.

    Args:
        call: The call.
        seconds: Duration of the call.
        error: The exception that the call raised; None if it succeeded.
        slow: Seconds from which a call that succeeds is slow; None for no limit.
    """
    if error is None:
        level = logging.WARNING if slow is not None and seconds >= slow else logging.DEBUG
    else:
        level = _level_of_failure(call, error)
    if not logger.isEnabledFor(level):
        return
    outcome = _outcome(error)
    attempts = max(call.attempt, len(call.attempts))
    status = call.status if error is None else getattr(error, "status", None) or call.status
    facts: dict[str, object] = {
        "call": call.name,
        "outcome": outcome,
        "duration": round(seconds, 6),
        "attempts": attempts,
    }
    if status is not None:
        facts["status"] = status
    if call.stop_reason is not None:
        facts["stop_reason"] = call.stop_reason.value
    if call.server_request_id is not None:
        facts["server_request_id"] = call.server_request_id
    for name, value in call.response_headers.items():
        facts[f"{RESPONSE_HEADER}.{name}"] = value
    counted = f"{attempts} attempt{'' if attempts == 1 else 's'}"
    if call.gave_up and call.stop_reason is not None:
        counted += f" ({call.stop_reason})"
    text = "" if error is None else f": {_text(error)}"
    if call.advice:
        text += f"; to repeat it, set {call.advice}"
    logger.log(
        level, "%s %s in %.3g s, %s%s", call.name, outcome, seconds, counted, text, extra=facts
    )


def _level_of_failure(call: Call, error: BaseException) -> int:
    if call.told is error:
        return logging.INFO
    if call.gave_up:
        serious = True
    elif isinstance(error, WATSStatusError):
        serious = error.status >= _SERVER_ERROR or error.status == _TOO_MANY_REQUESTS
    else:
        serious = isinstance(error, TimeoutError | ConnectionError)
    if not serious:
        return logging.INFO
    call.told = error
    return logging.WARNING


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "succeeded"
    return "failed" if isinstance(error, Exception) else "interrupted"


def _text(error: BaseException) -> str:
    return one_line(error) if isinstance(error, Exception) else type(error).__name__
