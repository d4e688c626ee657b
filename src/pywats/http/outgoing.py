"""One request of a service: its headers, its response, and the translation of its errors."""

from __future__ import annotations

import sys
import time
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

import httpcore

from pywats.errors import WATSClosedError, WATSDecodeError, WATSError
from pywats.http.attempt import Attempt
from pywats.http.body import Body, UnusableBodyError
from pywats.http.errors.status import is_refusal, status_error
from pywats.http.errors.transport import TRANSPORT_ERRORS, translate
from pywats.http.headers import request_headers
from pywats.http.port import Response
from pywats.observability.error_facts import sign
from pywats.observability.instrumentation import GLOBAL
from pywats.observability.retry_after import parse_retry_after
from pywats.redaction import clear_frames, excerpt, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from pywats.errors import WATSStatusError
    from pywats.http.endpoint import Endpoint
    from pywats.http.port import Request
    from pywats.observability.instrumentation import Instrumentation

__all__ = ["Outgoing"]

_SUCCESS = range(200, 300)
# Bytes read of an error response; longer bodies close the connection.
_MAX_ERROR_BYTES = 64 * 1024
_TRANSLATED = (UnusableBodyError, *TRANSPORT_ERRORS)
# The messages of these errors quote what the server or proxy has sent.
_QUOTING = (UnusableBodyError, httpcore.ProtocolError, httpcore.ProxyError)


class Outgoing(Attempt):
    """One request of a service: send it and read its response inside the ``with`` block.

    Args:
        endpoint: The server.
        request: The request.
        timeout: Limit in seconds for a request outside a sync call; None for no limit.
        max_response_bytes: Largest size of the response's body; None for any size.
        is_closed: Returns whether the client was closed.
        instrumentation: See `Attempt`.

    Attributes:
        target: Path and query.
        headers: The headers that this request does not share with others.

    Raises:
        WATSError: The block ended with an error of the HTTP library, which is translated.
    """

    headers: dict[str, str]

    def __init__(
        self,
        endpoint: Endpoint,
        request: Request,
        *,
        timeout: float | None,
        max_response_bytes: int | None,
        is_closed: Callable[[], bool],
        instrumentation: Instrumentation = GLOBAL,
    ) -> None:
        # The exception that the caller is handling: its frames belong to the caller, so they are
        # not cleared.
        self._handled = sys.exception()
        self.target = request.target()
        url = endpoint.base_url + self.target
        super().__init__(
            request,
            url,
            endpoint.host,
            endpoint.port,
            timeout=timeout,
            instrumentation=instrumentation,
            secrets=endpoint.secrets,
        )
        self._endpoint = endpoint
        self._request = request
        self._max_response_bytes = max_response_bytes
        self._is_closed = is_closed
        self._media_type = ""
        self._retry_after: float | None = None
        self._body: Body | None = None

    def __enter__(self) -> Self:
        try:
            self.begin()
            self.headers = request_headers(self._endpoint, self._request, self.call)
        except BaseException as error:
            self.finish(error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        raised = error
        try:
            if isinstance(error, _TRANSLATED):
                raised = self.failure(error, closed=self._is_closed())
            if isinstance(raised, WATSError):
                self.call.may_have_been_executed |= raised.may_have_been_executed
                if self.owns_call:
                    sign(self.call, raised, time.monotonic())
            self.finish(raised)
            if error is not None:
                # Frames of httpcore hold the headers of the request, credentials included.
                clear_frames(error, self._handled)
            if raised is not error and isinstance(raised, WATSError):
                # An error that quotes the server is dropped: secrets that the server repeats are
                # redacted only in the new message. Any other error is kept as the context, not as
                # the cause: debuggers see it, and no second traceback is printed above this one.
                quotes = isinstance(error, _QUOTING)
                raised.__cause__ = None
                raised.__suppress_context__ = True
                self._raise(raised, self._handled if quotes else error)
        finally:
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            del raised, error, traceback

    @staticmethod
    def _raise(error: WATSError, context: BaseException | None) -> None:
        try:
            raise error
        finally:
            # Python has set it to the error that was translated, which may quote the server.
            error.__context__ = context
            del error, context

    def receive(
        self,
        status: int,
        headers: Mapping[str, str],
        extensions: Mapping[str, object] = MappingProxyType({}),
    ) -> Body:
        """Note status and headers of the response, and return an object that collects its body.

        Raises:
            UnusableBodyError: The body is too large, or its encoding is unknown.
        """
        self.responded(status)
        self.hear(headers, extensions)
        self._media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        limit = self._max_response_bytes
        if status not in _SUCCESS:
            self._retry_after = parse_retry_after(headers.get("retry-after"), headers.get("date"))
            limit = _MAX_ERROR_BYTES
        # partial() instead of a lambda: a lambda would refer to this object, and the cycle would
        # keep the body until the garbage collector runs.
        self._body = Body(headers, limit, partial(self.exchange.left, httpcore.ReadTimeout))
        if status in _SUCCESS:
            # Not for an error status: the start of its body is shown, whatever its length.
            self._body.expect(headers.get("content-length", ""))
        return self._body

    def conclude(self, body: Body) -> Response:
        """Return the response if its status is 2xx; its body must have been received.

        Raises:
            UnusableBodyError: The compressed data of the body ends too early.
            WATSStatusError: The status is not 2xx.
        """
        if self.status not in _SUCCESS:
            raise self._refusal(cut=False)
        return Response(
            self.status,
            body.end(),
            self._media_type,
            self.secrets,
            self.call.correlation_id,
        )

    def failure(self, error: Exception, *, closed: bool) -> WATSError:
        """Return the error that the port raises in place of an error of the HTTP library.

        Args:
            error: An `UnusableBodyError` or one of `TRANSPORT_ERRORS`.
            closed: True if the client was closed meanwhile.
        """
        if self.status and self.status not in _SUCCESS:
            # An error status arrived; a truncated body does not matter.
            return self._refusal(cut=True)
        in_doubt = self.in_doubt
        if isinstance(error, UnusableBodyError):
            reason = one_line(str(error), self.secrets)
            return WATSDecodeError(
                f"{self._what} returned {self.status}, but {reason}",
                status=self.status,
                excerpt=self._excerpt(cut=True),
                may_have_been_executed=in_doubt,
            )
        if closed:
            return WATSClosedError(
                f"{self._what}: the client was closed meanwhile",
                may_have_been_executed=in_doubt,
            )
        return translate(
            error,
            self._what,
            self.exchange,
            in_doubt=in_doubt,
            status=self.status,
            shown=self._excerpt(cut=True),
            secrets=self.secrets,
        )

    @property
    def _what(self) -> str:
        return f"{self._request.method} {self._request.template} at {self._endpoint.base_url}"

    def _refusal(self, *, cut: bool) -> WATSStatusError:
        return status_error(
            self._what,
            self.status,
            self._excerpt(cut=cut),
            retry_after=self._retry_after,
            may_have_been_executed=self._request.changes_data and not is_refusal(self.status),
        )

    def _excerpt(self, *, cut: bool) -> str:
        secret = self._request.secret_response and self.status in _SUCCESS
        if self._body is None or secret:
            return ""
        return excerpt(self._body.start(), self.secrets, cut=cut)
