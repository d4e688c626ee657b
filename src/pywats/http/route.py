"""Where the connections of a client go, and what they are made of."""

from __future__ import annotations

import ssl
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx

if TYPE_CHECKING:
    from pywats.http.connection import ConnectionSettings
    from pywats.http.endpoint import Endpoint

__all__ = ["Route", "environment_proxy"]

_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one server.

    Attributes:
        origin: The server.
        ssl_context: How to verify it; None for plain http.
        proxy: A proxy that all connections go through.
        keepalive_expiry: Seconds that an idle connection is kept; None for no limit.
    """

    origin: httpcore.Origin
    ssl_context: ssl.SSLContext | None
    proxy: httpcore.Proxy | None
    keepalive_expiry: float | None

    @classmethod
    def to(cls, endpoint: Endpoint, settings: ConnectionSettings) -> Route:
        """Return the way to a server.

        The certificates of this machine are loaded here, which takes a while; the proxy is the
        one that the environment names now.

        Raises:
            OSError: The certificates cannot be read.
            ValueError: What the environment names is no proxy.
        """
        # httpx knows how a host that is not ASCII is spelt on the wire.
        host = httpx.URL(endpoint.base_url).raw_host
        return cls(
            httpcore.Origin(endpoint.scheme.encode(), host, endpoint.port),
            settings.ssl_context(endpoint),
            _proxy(endpoint, settings),
            settings.limits.keepalive_expiry,
        )

    @property
    def tls_layers(self) -> int:
        """How many sessions of TLS a request travels in: with the server, with the proxy."""
        to_proxy = self.proxy is not None and self.proxy.url.scheme == b"https"
        return (self.origin.scheme == b"https") + to_proxy

    def connection(self, network: httpcore.NetworkBackend) -> httpcore.ConnectionInterface:
        """Return a connection, not yet connected.

        httpcore's pools know how to make one, with or without a proxy; that is all they do here.
        """
        maker = httpcore.ConnectionPool(
            ssl_context=self.ssl_context,
            proxy=self.proxy,
            keepalive_expiry=self.keepalive_expiry,
            network_backend=network,
        )
        return maker.create_connection(self.origin)

    def async_connection(
        self, network: httpcore.AsyncNetworkBackend
    ) -> httpcore.AsyncConnectionInterface:
        """Return a connection for an event loop, not yet connected."""
        maker = httpcore.AsyncConnectionPool(
            ssl_context=self.ssl_context,
            proxy=self.proxy,
            keepalive_expiry=self.keepalive_expiry,
            network_backend=network,
        )
        return maker.create_connection(self.origin)


def environment_proxy(endpoint: Endpoint, settings: ConnectionSettings) -> httpx.Proxy | None:
    """Return the proxy that ``HTTP_PROXY``, ``HTTPS_PROXY`` and ``NO_PROXY`` ask for.

    Args:
        endpoint: The server.
        settings: How to verify a proxy that is itself reached by TLS.

    Returns:
        The proxy; None if the server is reached directly.

    Raises:
        OSError: The certificates to verify the proxy by cannot be read.
        ValueError: What is set is no address of a proxy.
    """
    address = urllib.request.getproxies().get(endpoint.scheme)
    # With the port, for an exception may name it: host and host:port are both recognised then.
    if not address or urllib.request.proxy_bypass(f"{endpoint.host}:{endpoint.port}"):
        return None
    proxy = _parsed(address if "://" in address else f"http://{address}")
    if proxy is None:
        raise ValueError(
            f"{endpoint.scheme.upper()}_PROXY in the environment: must be the address of a proxy "
            "such as http://proxy.example:8080 (value not shown, it may hold a password)"
        )
    if proxy.url.scheme == "https":
        proxy.ssl_context = settings.verification()
    return proxy


def _parsed(address: str) -> httpx.Proxy | None:
    # What httpx says of an address that is none could hold a piece of a password.
    try:
        proxy = httpx.Proxy(address)
    except (ValueError, httpx.InvalidURL):
        return None
    usable = proxy.url.host and (proxy.url.port is None or 0 < proxy.url.port <= _LAST_PORT)
    return proxy if usable else None


def _proxy(endpoint: Endpoint, settings: ConnectionSettings) -> httpcore.Proxy | None:
    proxy = environment_proxy(endpoint, settings)
    if proxy is None:
        return None
    url = httpcore.URL(
        scheme=proxy.url.raw_scheme,
        host=proxy.url.raw_host,
        port=proxy.url.port,
        target=proxy.url.raw_path,
    )
    return httpcore.Proxy(url, auth=proxy.raw_auth, ssl_context=proxy.ssl_context)
