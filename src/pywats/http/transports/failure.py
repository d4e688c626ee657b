"""How an attempt fails: the same for all transports, and for the bodies of their responses."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pywats.http.transports.families import base_in
from pywats.http.transports.translation import closed_error, is_translated, translate
from pywats.redaction import HTTP_LIBRARIES, clear_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pywats.http.attempt import Attempt

__all__ = ["Failure"]

# Errors that quote what was received, or what should have been sent. Only the message of the error
# that replaces one is free of the secrets that the server repeats, and log lines, spans and error
# trackers show causes and contexts too.
_QUOTING = frozenset({"LocalProtocolError", "ProxyError", "RemoteProtocolError"})


class Failure:
    """Ends an attempt by an error that leaves the ``with`` block, and raises its translation.

    Frames of HTTP libraries, which have the headers of the request, are cleared of their variables.

    Args:
        attempt: The attempt.
        family: The package of the request, httpx or httpx2.
        end: Is called with the error in place of ``attempt.finish``.
        is_closed: Whether the transport was closed, which breaks its connections.
        passes: Errors that are not failures.
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
        # What the caller is handling; its frames are the caller's.
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
            # The traceback of the error holds this frame.
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
