"""Keep failures of telemetry away from calls: a failure is logged once and has no other effect."""

from __future__ import annotations

import functools
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, ParamSpec

from pywats.runtime.signals import raised_by_signal_handler

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["guarded", "log_safely", "report", "report_once"]

logger = logging.getLogger("pywats.telemetry")

P = ParamSpec("P")

# Further kinds of failures are not logged, so that the set does not grow without a limit.
_MOST_KINDS = 256
_reported: set[tuple[str, object]] = set()


def report(doing: str, error: Exception) -> None:
    """Log a failure of telemetry, once for each operation and class of error.

    Args:
        doing: What failed, such as "starting a span".
        error: The exception that was raised.
    """
    # The class of the error may not be hashable, and a log handler may fail too.
    with suppress(Exception):
        if _is_new(doing, type(error)):
            logger.warning(
                "telemetry failed while %s, and the call goes on without it; further failures "
                "of this kind are not logged",
                doing,
                exc_info=error,
            )


def report_once(subject: str, message: str) -> None:
    """Log a warning about telemetry, once for each subject.

    Args:
        subject: What the warning is about.
        message: The warning.
    """
    with suppress(Exception):
        if _is_new(subject, None):
            logger.warning("%s", message)


def _is_new(doing: str, kind: object) -> bool:
    # Note the kind before logging: writing the log record may cause the same failure again.
    if (doing, kind) in _reported or len(_reported) >= _MOST_KINDS:
        return False
    _reported.add((doing, kind))
    return True


def guarded(doing: str) -> Callable[[Callable[P, object]], Callable[P, None]]:
    """Return a decorator that reports the exceptions of a function instead of raising them.

    Ctrl-C and `SystemExit` are still raised.

    Args:
        doing: What the function does, for the report.
    """

    def decorate(function: Callable[P, object]) -> Callable[P, None]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                function(*args, **kwargs)
            except Exception as error:
                if raised_by_signal_handler(error):
                    raise
                report(doing, error)

        return run

    return decorate


@guarded("writing a log line")
def log_safely(
    logger: logging.Logger,
    level: int,
    message: str,
    *arguments: object,
    exc_info: bool | BaseException | None = None,
) -> None:
    """Write a log line; a filter or handler of the program that raises does not fail the call.

    Args:
        logger: The logger.
        level: The level of the line.
        message: The message, with placeholders for the arguments.
        arguments: The arguments of the message.
        exc_info: As in `logging.Logger.log`.
    """
    # The caller is behind this function and the decorator.
    logger.log(level, message, *arguments, exc_info=exc_info, stacklevel=3)
