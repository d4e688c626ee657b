"""The route of a connection: server, proxy and TLS."""

from __future__ import annotations

import base64
import math
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpcore

from pywats.http.host import in_url, is_address, without_zone
from pywats.http.network.http1.connection import HTTP1Connection
from pywats.http.network.http1.proxied import ProxiedConnection
from pywats.http.network.proxies.environment import environment_proxy
from pywats.http.network.proxies.socks import handshake
from pywats.redaction import NO_SECRETS, Secrets, basic_secrets
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.network.http1.message import Connection
    from pywats.http.network.proxies.socks import Handshake
    from pywats.http.network.settings import ConnectionSettings

__all__ = ["Route", "SocksProxy"]

_SOCKS_PORT = 1080


@dataclass(frozen=True, slots=True)
class SocksProxy:
    """A SOCKS5 proxy.

    Attributes:
        host: A name or an IP address.
        port: The port.
        auth: User name and password; None for no authentication.
    """

    host: str
    port: int
    auth: tuple[bytes, bytes] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """The route to one server.

    Attributes:
        origin: The server. An IPv6 host has brackets, because httpcore writes it into the request
            to a proxy.
        ssl_context: How to verify the server; None for plain http.
        proxy: An HTTP proxy that all connections go through.
        keepalive_expiry: Seconds that an idle connection is kept; None for no limit.
        max_age: Seconds after which a connection serves no further request; None for no limit.
        socks: A SOCKS proxy that all connections go through.
        host: The host to connect to, without brackets, perhaps with a zone id.
    """

    origin: httpcore.Origin
    ssl_context: ssl.SSLContext | None
    proxy: httpcore.Proxy | None
    keepalive_expiry: float | None
    max_age: float | None = None
    socks: SocksProxy | None = None
    host: str = ""

    @classmethod
    def to(cls, endpoint: Endpoint, settings: ConnectionSettings) -> Route:
        """Return the route to a server.

        This method loads the certificates of this machine, which takes a while, and reads the proxy
        from the environment.

        Raises:
            OSError: The certificates cannot be read.
            ValueError: The environment names a proxy that cannot be used.
        """
        proxy = _proxy(endpoint, settings)
        return cls(
            httpcore.Origin(
                endpoint.scheme.encode(),
                in_url(without_zone(endpoint.host)).encode(),
                endpoint.port,
            ),
            settings.ssl_context(endpoint),
            proxy if isinstance(proxy, httpcore.Proxy) else None,
            settings.limits.keepalive_expiry,
            in_seconds(settings.max_connection_age),
            proxy if isinstance(proxy, SocksProxy) else None,
            endpoint.host,
        )

    @property
    def secrets(self) -> Secrets:
        """The credentials for the proxy, in every form in which they are sent."""
        proxy = self.proxy or self.socks
        if proxy is None or proxy.auth is None:
            return NO_SECRETS
        pair = b":".join(proxy.auth)
        return Secrets(basic_secrets(base64.b64encode(pair).decode()))

    @property
    def first_hop(self) -> tuple[str, int]:
        """Host and port that a connection is made to: a proxy, or the server."""
        if self.socks is not None:
            return self.socks.host, self.socks.port
        if self.proxy is not None:
            proxy = self.proxy.url.origin
            return proxy.host.decode("ascii"), proxy.port
        return self.host, self.origin.port

    def handshake(self, proxy: SocksProxy) -> Handshake:
        """Return the handshake by which a SOCKS proxy connects to the server."""
        return handshake(without_zone(self.host), self.origin.port, proxy.auth)

    def expiry(self) -> float:
        """Return the monotonic time at which a connection that is opened now becomes too old."""
        return math.inf if self.max_age is None else time.monotonic() + self.max_age

    @property
    def looks_up(self) -> bool:
        """Whether the first hop is a name, which needs a DNS lookup."""
        return not is_address(self.first_hop[0])

    @property
    def tunnels(self) -> bool:
        """Whether a proxy is asked to connect to the server before the first request."""
        return self.socks is not None or (self.proxy is not None and self.origin.scheme == b"https")

    @property
    def forwards(self) -> bool:
        """Whether a proxy gets the requests, and passes them on to the server."""
        return self.proxy is not None and not self.tunnels

    @property
    def tls_layers(self) -> int:
        """How many TLS sessions a request uses: with the server, with the proxy, or both."""
        to_proxy = self.proxy is not None and self.proxy.url.scheme == b"https"
        return (self.origin.scheme == b"https") + to_proxy

    def connection(self, network: httpcore.NetworkBackend) -> Connection:
        """Return a connection, not yet connected."""
        if self.proxy is None:
            return HTTP1Connection(self.origin, self.ssl_context, self.keepalive_expiry, network)
        # A pool of httpcore can make a connection through a proxy; it is used for nothing else.
        maker = httpcore.ConnectionPool(
            ssl_context=self.ssl_context,
            proxy=self.proxy,
            keepalive_expiry=self.keepalive_expiry,
            network_backend=network,
        )
        return ProxiedConnection(maker.create_connection(self.origin), forwards=self.forwards)

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


def _proxy(endpoint: Endpoint, settings: ConnectionSettings) -> httpcore.Proxy | SocksProxy | None:
    proxy = environment_proxy(endpoint, settings)
    if proxy is None:
        return None
    if proxy.url.scheme.startswith("socks"):
        port = proxy.url.port or _SOCKS_PORT
        return SocksProxy(proxy.url.raw_host.decode("ascii"), port, proxy.raw_auth)
    url = httpcore.URL(
        scheme=proxy.url.raw_scheme,
        host=proxy.url.raw_host,
        port=proxy.url.port,
        target=proxy.url.raw_path,
    )
    return httpcore.Proxy(url, auth=proxy.raw_auth, ssl_context=proxy.ssl_context)
