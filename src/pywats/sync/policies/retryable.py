"""Match an error with the retry settings: is another attempt worthwhile?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from pywats.errors import CallConnectionError, CircuitOpenError, WATSStatusError
from pywats.observability.response_facts import status_of
from pywats.runtime.signals import raised_by_signal_handler
from pywats.sync.policies.foreign_errors import is_permanent, is_unsafe_request, stands_for

if TYPE_CHECKING:
    from pywats.config import ErrorPredicate, ErrorRule, RetryConfig

__all__ = ["Match", "PredicateError", "match"]

_CALLER_ERRORS: Final = range(400, 500)
# Transient client errors: RFC 9110 section 15.5.9, RFC 8470, RFC 6585.
_PASSING: Final = frozenset({408, 425, 429})


class PredicateError(Exception):
    """A predicate of ``retry_on_errors`` raised an error or returned an invalid value."""


@dataclass(frozen=True, slots=True)
class Match:
    """An error that is worth another attempt.

    Attributes:
        reason: Why it is worth another attempt; recorded on the span.
        delay: Seconds to wait, if a predicate returned them; otherwise None.
        in_doubt: According to the error, the operation may have been executed.
    """

    reason: str
    delay: float | None = None
    in_doubt: bool = False


def match(config: RetryConfig, error: Exception) -> Match | None:
    """Return why the error is worth another attempt, None if it is not.

    Args:
        config: The retry settings.
        error: The error that the attempt raised. An `ExceptionGroup` is worth another attempt if
            each of its leaves is.

    Raises:
        PredicateError: A predicate failed.
    """
    matches: list[Match] = []
    # A loop and not a recursion, because groups may be nested deeper than Python's stack is.
    waiting = [error]
    while waiting:
        each = waiting.pop()
        found = _match_one(config, each)
        if found is not None:
            matches.append(found)
        elif isinstance(each, ExceptionGroup):
            waiting += reversed(each.exceptions)
        else:
            return None
    delays = [each.delay for each in matches if each.delay is not None]
    reasons = dict.fromkeys(part for each in matches for part in each.reason.split(", "))
    return Match(
        ", ".join(reasons),
        max(delays, default=None),
        any(each.in_doubt for each in matches),
    )


def _match_one(config: RetryConfig, error: Exception) -> Match | None:
    if isinstance(error, CircuitOpenError):
        return None
    # RetryConfig converts the value it was given to a tuple.
    rules = cast("tuple[ErrorRule, ...]", config.retry_on_errors)
    in_doubt = getattr(error, "may_have_been_executed", False) is True
    for rule in rules:
        delay = None if isinstance(rule, type) else _ask(rule, error)
        if delay is not None:
            return Match("predicate", None if delay is True else delay, in_doubt)
    if isinstance(error, CallConnectionError) and not error.transient:
        return None
    status = status_of(error)
    if status is not None and status in config.retry_on_status:
        return Match(f"status {status}", None, in_doubt or is_unsafe_request(error))
    if is_permanent(error):
        return None
    for rule in rules:
        found = _match_class(rule, error, status) if isinstance(rule, type) else None
        if found is not None:
            return replace(found, in_doubt=found.in_doubt or in_doubt)
    return None


def _match_class(kind: type[Exception], error: Exception, status: int | None) -> Match | None:
    if isinstance(error, ExceptionGroup) and not issubclass(kind, ExceptionGroup):
        # `Exception` in retry_on_errors applies to the leaves, not to the group.
        return None
    if isinstance(error, kind) and (status is None or _covers(kind, status)):
        return Match("timeout" if isinstance(error, TimeoutError) else kind.__name__)
    if status is None and stands_for(error, kind):
        reason = "timeout" if stands_for(error, TimeoutError) else type(error).__name__
        return Match(reason, None, is_unsafe_request(error))
    return None


def _covers(kind: type[Exception], status: int) -> bool:
    """Return whether the class in ``retry_on_errors`` includes errors with this status.

    Errors for a status are derived from builtin classes, for `except`, and from general base
    classes of a library. OSError or httpx.HTTPError in ``retry_on_errors`` must not retry a 403 or
    a 404.
    """
    if kind.__module__ == "builtins":
        return False
    if status not in _CALLER_ERRORS or status in _PASSING:
        return True
    if issubclass(kind, WATSStatusError):
        return kind is not WATSStatusError
    # Some classes stand for one status, such as openai.NotFoundError.
    return getattr(kind, "status_code", None) == status


def _ask(predicate: ErrorPredicate, error: Exception) -> float | bool | None:
    """Return True or seconds if the predicate asks for another attempt, otherwise None."""
    try:
        returned: object = predicate(error)
    except Exception as fault:
        if raised_by_signal_handler(fault):
            raise
        raise PredicateError(f"{predicate!r} raised {fault!r}") from fault
    if isinstance(returned, bool):
        return returned or None
    if isinstance(returned, timedelta):
        returned = returned.total_seconds()
    if isinstance(returned, int | float) and math.isfinite(returned) and returned >= 0:
        return float(returned)
    raise PredicateError(
        f"{predicate!r} returned {returned!r}: must be True, False, or seconds of at least 0"
    )
