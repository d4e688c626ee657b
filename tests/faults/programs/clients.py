"""The clients that the programs use: the WATS client, or a service of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pywats import RetryConfig, SyncConfig, pyWATS
from pywats.http import ConnectionSettings
from pywats.sync import unwrap
from tests.http.transports import products

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

CLIENTS: Final = ("wats", "direct", "call")
"""The WATS client, a service over a DirectTransport, and a service over a CallTransport."""

_WRAPS: Final[Mapping[str, Callable[..., Any]]] = {
    "direct": products.over_direct,
    "call": products.over_call,
}


class Client:
    """Products of a server, by one of the `CLIENTS`.

    Args:
        kind: Which of them.
        base_url: Address of the server.
        timeout: Limit in seconds of an attempt.
        retry: When to try again; None for never.
        limits: Size of the pool.

    Attributes:
        product: Has the methods ``get_product`` and ``add_product_group_filter``.
        api: The WATS client; None for a service of one's own.
    """

    def __init__(
        self,
        kind: str,
        base_url: str,
        *,
        timeout: float = 30.0,
        retry: RetryConfig | None = None,
        limits: httpx.Limits | None = None,
    ) -> None:
        self.product: Any
        self.api: pyWATS | None = None
        self._close_idle: Callable[[], object] = lambda: None
        if kind == "wats":
            api = pyWATS(base_url, products.TOKEN, timeout=timeout, retry_config=retry)
            if limits is not None:
                api._port._settings = ConnectionSettings(limits=limits)
                api._port._connect()
            self.product, self._close, self.api = api.product, api.close, api
            self._close_idle = api._port._transport.close_idle
            return
        config = SyncConfig(
            timeout=timeout, retry_enabled=retry is not None, retry=retry or RetryConfig()
        )
        options = {} if limits is None else {"limits": limits}
        self.product = _WRAPS[kind](base_url, config, **options)
        self._close = self.product.aclose
        transport = unwrap(self.product).transport
        if kind == "direct":
            self._close_idle = transport._pool.close_idle

    def close(self) -> None:
        self._close()

    def close_idle(self) -> None:
        """Have the next call open a connection, unless the pool is httpx's own."""
        self._close_idle()
