"""The transports that a `CallTransport` makes if none is passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pywats.http.endpoint import Endpoint
from pywats.http.network.proxies.environment import environment_proxy
from pywats.http.network.settings import ConnectionSettings
from pywats.redaction import without_locals_on_failure

if TYPE_CHECKING:
    import httpx

__all__ = ["Inside"]

_SCHEMES = frozenset({"http", "https"})
_Server = tuple[str, bytes, int | None]


class Inside:
    """One transport of httpx for servers without a proxy, and one transport for each proxy.

    httpx reads proxies from the environment only if it makes the transport of a client itself.
    The constructor loads the certificates, which takes a while. The transports are made when they
    are needed, from the package of the request.

    Args:
        trust_env: Whether to use the proxies that the environment names.

    Raises:
        OSError: The certificates of this machine cannot be read.
    """

    def __init__(self, *, trust_env: bool) -> None:
        self._settings = ConnectionSettings(trust_env=trust_env)
        self._verification = self._settings.verification()
        self._by_server: dict[_Server, httpx.AsyncBaseTransport] = {}
        # The key is address and credentials of the proxy; None for no proxy.
        self._by_proxy: dict[object, httpx.AsyncBaseTransport] = {}
        self._left_behind: list[httpx.AsyncBaseTransport] = []

    def transport_for(self, request: httpx.Request, family: Any) -> httpx.AsyncBaseTransport:
        """Return the transport to the server of a request.

        Raises:
            OSError: The certificates to verify the proxy by cannot be read.
            ValueError: The environment names a proxy that cannot be used.
        """
        url = request.url
        server = (url.scheme, url.raw_host, url.port)
        transport = self._by_server.get(server)
        if transport is None:
            transport = self._by_server[server] = self._chosen(url, family)
        return transport

    def leave_behind(self) -> None:
        """Forget all transports, whose event loop is gone; new ones are made when needed."""
        # Keep the old transports alive: their connections cannot be closed in another loop.
        self._left_behind += self._by_proxy.values()
        self._by_server.clear()
        self._by_proxy.clear()

    async def aclose(self) -> None:
        """Close all transports."""
        for transport in self._by_proxy.values():
            await transport.aclose()

    @without_locals_on_failure
    def _chosen(self, url: httpx.URL, family: Any) -> httpx.AsyncBaseTransport:
        proxy = None
        if url.scheme in _SCHEMES:
            endpoint = Endpoint(f"{url.scheme}://{url.netloc.decode('ascii')}", "")
            proxy = environment_proxy(endpoint, self._settings)
        key = None if proxy is None else (str(proxy.url), proxy.raw_auth)
        transport = self._by_proxy.get(key)
        if transport is None:
            used = proxy and family.Proxy(
                str(proxy.url), auth=proxy.auth, ssl_context=proxy.ssl_context
            )
            made: httpx.AsyncBaseTransport = family.AsyncHTTPTransport(
                verify=self._verification, proxy=used
            )
            transport = self._by_proxy[key] = made
        return transport
