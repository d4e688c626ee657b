"""Errors of the httpx transports: each class derives from a class of httpx and one of pywats.

A service can catch `httpx.ConnectError`, and its caller `ConnectionError`: the same error matches
both. The names are the same as in httpx.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeVar

import httpx

from pywats.errors import CallClosedError, CallConnectionError, CallError, CallTimeoutError

__all__ = [
    "ClosedError",
    "ConnectError",
    "ConnectTimeout",
    "DecodingError",
    "LocalProtocolError",
    "PoolTimeout",
    "ProxyError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "UnsupportedProtocol",
    "WriteError",
    "WriteTimeout",
    "WrongTransportError",
    "in_family",
]


class ConnectTimeout(httpx.ConnectTimeout, CallTimeoutError):  # noqa: N818 - httpx's name
    """Connecting took too long; nothing was sent.

    What to do: call again, or raise the limit that ``scope`` names.
    """


class ReadTimeout(httpx.ReadTimeout, CallTimeoutError):  # noqa: N818 - httpx's name
    """The response took too long.

    What to do: if ``may_have_been_executed``, look at the server; else call again, or raise the
    limit that ``scope`` names.
    """


class WriteTimeout(httpx.WriteTimeout, CallTimeoutError):  # noqa: N818 - httpx's name
    """Sending the request took too long.

    What to do: if ``may_have_been_executed``, look at the server; else call again, or raise the
    limit that ``scope`` names.
    """


class PoolTimeout(httpx.PoolTimeout, CallTimeoutError):  # noqa: N818 - httpx's name
    """No connection of the pool became free in time; nothing was sent.

    What to do: allow more connections, or make fewer requests at a time.
    """


class ConnectError(httpx.ConnectError, CallConnectionError):
    """The server was not reached; nothing was sent.

    What to do: check address, proxy and certificate.
    """


class ReadError(httpx.ReadError, CallConnectionError):
    """The connection broke before the response was complete.

    What to do: if ``may_have_been_executed``, look at the server; else call again.
    """


class WriteError(httpx.WriteError, CallConnectionError):
    """The connection broke while the request was sent.

    What to do: if ``may_have_been_executed``, look at the server; else call again.
    """


class RemoteProtocolError(httpx.RemoteProtocolError, CallConnectionError):
    """The server closed the connection, or sent something that is not HTTP.

    What to do: if ``transient``, call again; else check that the address is an HTTP server.
    """


class ProxyError(httpx.ProxyError, CallConnectionError):
    """The proxy did not let the request through; nothing was sent.

    What to do: check the address of the proxy and the credentials for it.
    """


class LocalProtocolError(httpx.LocalProtocolError, CallError):
    """The request cannot be sent as it is, for example with a header that HTTP does not allow.

    What to do: correct the value that the message names.
    """


class UnsupportedProtocol(httpx.UnsupportedProtocol, CallError):  # noqa: N818 - httpx's name
    """The scheme of the URL is not http or https.

    What to do: correct the URL.
    """


class DecodingError(httpx.DecodingError, CallError):
    """The body of the response cannot be decoded.

    What to do: look at what the server sends.
    """


class ClosedError(httpx.TransportError, CallClosedError):
    """The transport was closed.

    What to do: create a new client with a new transport.
    """


class WrongTransportError(RuntimeError):
    """A transport was used where it cannot work; nothing was sent.

    What to do: make the change that the message names.
    """


E = TypeVar("E", bound=CallError)

_made: dict[tuple[type, str], type[Any]] = {}


def in_family(kind: type[E], family: Any) -> type[E]:
    """Return the variant of a class that derives from the package of the request.

    Args:
        kind: One of the classes above, which derives from a class of httpx.
        family: The package of the request, httpx or httpx2.
    """
    if family is httpx:
        return kind
    key = (kind, family.__name__)
    if key in _made:
        return _made[key]
    base: type = getattr(family, kind.__mro__[1].__name__)

    def reduce(error: Exception) -> tuple[Any, ...]:
        # Pickling by the name of the class would find the class of httpx.
        return _unpickled, (kind, family.__name__, error.args), vars(error)

    members = {"__doc__": kind.__doc__, "__module__": kind.__module__, "__reduce__": reduce}
    made: type[Any] = type(kind.__name__, (base, *kind.__bases__[1:]), members)
    return _made.setdefault(key, made)


def _unpickled(kind: type[E], package: str, args: tuple[Any, ...]) -> E:
    return in_family(kind, import_module(package))(*args)
