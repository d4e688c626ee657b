"""HTTP requests of commands, with a limit of time and of size for the whole response.

The timeouts of httpx limit each read, so a server that trickles bytes is never too late for them,
and httpx reads a body of any size into memory.
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
    """Facts on a TLS session.

    Attributes:
        version: Version of the protocol.
        certificate_ends: End of the server's certificate, as `ssl.SSLSocket.getpeercert` has it.
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
        make_client: Makes the client; for its TLS, proxy and trust in the environment.
        max_bytes: Greatest size of the body, decompressed.

    Raises:
        httpx.TimeoutException: The limit ran out.
        httpx.HTTPError: There was no response, or not a usable one.
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
                # Before the body: a connection that has ended has no session.
                tls = _tls(response)
                body = _read(response, max_bytes)
            finally:
                response.close()
            return Fetched(response.status_code, response.headers, body, seconds, tls)

    try:
        return in_time(timeout, exchange)
    finally:
        # Ends the next read of a thread that is late.
        for client in clients:
            client.close()


def in_time(seconds: float, function: Callable[[], T]) -> T:
    """Return what the function returns, or raise what it raises, unless it takes too long.

    The function runs on a daemon thread: no limit of httpx, and none of the look-up of a host
    name, holds for the whole of it. A thread that is late does not keep the process alive.

    Args:
        seconds: The limit.
        function: Is called once.

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
            # The function's own.
            raise
        raise httpx.ReadTimeout(f"no complete response within {seconds:g} s") from None


def _tls(response: httpx.Response) -> TlsSession | None:
    session: ssl.SSLObject | None = response.extensions["network_stream"].get_extra_info(
        "ssl_object"
    )
    if session is None:
        return None
    # The certificate was verified, so it is there.
    return TlsSession(str(session.version()), str((session.getpeercert() or {})["notAfter"]))


def _read(response: httpx.Response, max_bytes: int) -> bytes:
    try:
        body = Body(response.headers, max_bytes, lambda: None)
        for data in response.iter_raw():
            body.add(data)
        return body.end()
    except UnusableBodyError as error:
        raise UnusableResponseError(str(error)) from error
