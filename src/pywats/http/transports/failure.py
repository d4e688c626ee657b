"""End an attempt with an error; shared by all transports and the bodies of their responses."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from pywats.http.transports.families import base_in
from pywats.http.transports.translation import closed_error, is_translated, translate
from pywats.redaction import HTTP_LIBRARIES, clear_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pywats.http.attempt import Attempt

__all__ = ["OF_PYWATS", "Failure"]

OF_PYWATS: Final = frozenset({"pywats"})
"""The package whose frames a transport clears after `Failure` has ended its attempt."""

# The messages of these errors quote what was received, or what should have been sent, perhaps with
# secrets. Only the message of the translated error is redacted. As log lines, spans and error
# trackers show causes and contexts too, these errors are not chained.
_QUOTING = frozenset({"LocalProtocolError", "ProxyError", "RemoteProtocolError"})


class Failure:
    """End an attempt if the ``with`` block raises an error, and raise the translated error.

    Variables in frames of HTTP libraries are cleared, because they hold the headers of the request.

    Args:
        attempt: The attempt.
        family: The package of the request, httpx or httpx2.
        end: Called with the error in place of ``attempt.finish``.
        is_closed: Returns whether the transport was closed, which breaks its connections.
        passes: Exceptions that are not failures and pass through.
    """

    __slots__ = ("_attempt", "_end", "_family", "_handled", "_is_closed", "_passes")

    def __init__(
        self,
        attempt: Attempt,
        family: Any,
        *,
        end: Callable[[BaseException], None] | None = None,
        is_closed: Callable[[], bool] | None = None,
        passes: type[BaseException] | tuple[()] = (),
    ) -> None:
        # The exception that the caller is handling: its frames belong to the caller, so they are
        # not cleared.
        self._handled = sys.exception()
        self._attempt = attempt
        self._family = family
        self._end = end or attempt.finish
        self._is_closed = is_closed
        self._passes = passes

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        handled, self._handled = self._handled, None
        if error is None or isinstance(error, self._passes):
            return
        raised = self._translated(error)
        try:
            self._end(raised)
            clear_frames(error, handled, of=HTTP_LIBRARIES)
            if raised is not error:
                quotes = base_in(error) in _QUOTING
                self._raise(raised, None if quotes else error, handled if quotes else error)
        finally:
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            del raised, error, handled, traceback

    @staticmethod
    def _raise(
        raised: BaseException, cause: BaseException | None, context: BaseException | None
    ) -> None:
        try:
            raise raised from cause
        finally:
            # Python has set it to the error that was translated.
            raised.__context__ = context
            del raised, cause, context

    def _translated(self, error: BaseException) -> BaseException:
        if not is_translated(error):
            return error
        if self._is_closed is not None and self._is_closed():
            return closed_error(self._attempt, self._family)
        return translate(error, self._attempt, self._family)
