"""HTTP requests of commands, with a time limit and a size limit for the whole response.

The timeouts of httpx limit only each read, so a server that trickles bytes never exceeds them, and
httpx reads a body of any size into memory.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import httpx

from pywats.http.body import Body, UnusableBodyError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

__all__ = ["Fetched", "TlsSession", "UnusableResponseError", "fetch", "in_time"]

T = TypeVar("T")
_MAX_BYTES = 64 * 1024 * 1024


class UnusableResponseError(httpx.HTTPError):
    """The body is too large, or its compression is broken."""


@dataclass(frozen=True, slots=True)
class TlsSession:
    """Facts about a TLS session.

    Attributes:
        version: Version of the protocol.
        certificate_ends: End of validity of the server's certificate, in the format of
            `ssl.SSLSocket.getpeercert`.
    """

    version: str
    certificate_ends: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete response.

    Attributes:
        status: The HTTP status.
        headers: The headers.
        content: The body, decompressed.
        seconds: Time until the headers had arrived.
        tls: The TLS session of the connection; None for plain http.
    """

    status: int
    headers: httpx.Headers
    content: bytes
    seconds: float
    tls: TlsSession | None


def fetch(
    method: str,
    url: str,
    timeout: float,
    *,
    headers: dict[str, str] | None = None,
    content: bytes | None = None,
    make_client: Callable[[], httpx.Client] = httpx.Client,
    max_bytes: int = _MAX_BYTES,
) -> Fetched:
    """Send a request and return the response.

    Args:
        method: The HTTP method.
        url: The absolute URL.
        timeout: Limit in seconds of the whole exchange, from the look-up of the host to the last
            byte of the body.
        headers: Headers of the request.
        content: Body of the request.
        make_client: Makes the client, with its settings of TLS and proxy.
        max_bytes: Maximum size of the body in bytes, decompressed.

    Raises:
        httpx.TimeoutException: The limit ran out.
        httpx.HTTPError: No response arrived, or it is not usable.
        httpx.InvalidURL: The URL is not valid.
        OSError: The certificates of this machine cannot be read.
        ValueError: A proxy in the environment is not valid.
        ImportError: A proxy in the environment needs a package that is not installed.
    """
    clients: list[httpx.Client] = []

    def exchange() -> Fetched:
        with make_client() as client:
            clients.append(client)
            began = time.perf_counter()
            request = client.build_request(
                method,
                url,
                headers={"Accept-Encoding": "gzip", **(headers or {})},
                content=content,
                timeout=timeout,
            )
            response = client.send(request, stream=True)
            seconds = time.perf_counter() - began
            try:
                # Read before the body: after the body the connection may be closed, and then its
                # session is gone.
                tls = _tls(response)
                body = _read(response, max_bytes)
            finally:
                response.close()
            return Fetched(response.status_code, response.headers, body, seconds, tls)

    try:
        return in_time(timeout, exchange)
    finally:
        # After a timeout the thread still runs: closing the client ends its next read.
        for client in clients:
            client.close()


def in_time(seconds: float, function: Callable[[], T]) -> T:
    """Return what the function returns, or raise what it raises, unless it takes too long.

    The function runs on a daemon thread, because neither httpx nor the look-up of a host name has
    a limit for the whole exchange. A thread that is late does not keep the process alive.

    Args:
        seconds: The limit.
        function: The function; it is called once.

    Raises:
        httpx.ReadTimeout: The limit ran out.
    """
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(function())
        except BaseException as error:  # noqa: BLE001 - raised on the thread that waits
            result.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError:
        if result.done():
            # The function itself has raised this TimeoutError.
            raise
        raise httpx.ReadTimeout(f"no complete response within {seconds:g} s") from None


def _tls(response: httpx.Response) -> TlsSession | None:
    session: ssl.SSLObject | None = response.extensions["network_stream"].get_extra_info(
        "ssl_object"
    )
    if session is None:
        return None
    # getpeercert() is not empty: the certificate was verified.
    return TlsSession(str(session.version()), str((session.getpeercert() or {})["notAfter"]))


def _read(response: httpx.Response, max_bytes: int) -> bytes:
    try:
        body = Body(response.headers, max_bytes, lambda: None)
        for data in response.iter_raw():
            body.add(data)
        return body.end()
    except UnusableBodyError as error:
        raise UnusableResponseError(str(error)) from error
