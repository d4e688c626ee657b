"""`SyncWATSClient`: every method of every service on one object."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Self

from pywats.client.sync_client import pyWATS
from pywats.config import SyncClientConfig
from pywats.services import ProductService
from pywats.sync.wrapper import reconfigured
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType

    from pywats.sync import SyncServiceWrapper
    from pywats.validation import Duration, NotGiven

__all__ = ["SyncWATSClient"]

_SERVICES: dict[str, type] = {"product": ProductService}


class SyncWATSClient:
    """A flat client: ``client.get_product(part_number="ABC123", timeout=30.0)``.

    Every method takes, besides its own arguments, ``timeout``: the limit of one attempt in
    seconds for this call alone.

    Args:
        config: All settings in one value.
        verify_ssl: True verifies the server's certificate, False does not, an `ssl.SSLContext`
            decides for itself.

    Raises:
        TypeError: ``config`` is not a `pywats.SyncClientConfig`.
        ValueError: Address or credentials are missing.
    """

    def __init__(
        self,
        config: SyncClientConfig | None = None,
        *,
        verify_ssl: bool | ssl.SSLContext = True,
    ) -> None:
        config = SyncClientConfig() if config is None else config
        if not isinstance(config, SyncClientConfig):
            raise TypeError(
                f"config={config!r}: must be a SyncClientConfig, not {type(config).__name__}"
            )
        self._api = pyWATS(
            config.base_url,
            config.token,
            username=config.username,
            password=config.password,
            sync_config=config.sync_config(),
            verify_ssl=verify_ssl,
        )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        for service, kind in _SERVICES.items():
            if not name.startswith("_") and hasattr(kind, name):
                return self._flat(service, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        methods = {
            name for kind in _SERVICES.values() for name in dir(kind) if not name.startswith("_")
        }
        return sorted({*super().__dir__(), *methods})

    def __repr__(self) -> str:
        return repr(self._api).replace("pyWATS", type(self).__name__, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the client as `pywats.pyWATS.close` does."""
        self._api.close()

    def _flat(self, service: str, name: str) -> Callable[..., Any]:
        wrapper: SyncServiceWrapper[object] = getattr(self._api, service)
        method = getattr(wrapper, name)

        @wraps(method)
        def call(*args: Any, timeout: Duration | NotGiven | None = NOT_GIVEN, **kwargs: Any) -> Any:
            if timeout is NOT_GIVEN:
                return method(*args, **kwargs)
            limited = reconfigured(wrapper, replace(self._api.config, timeout=timeout))
            return getattr(limited, name)(*args, **kwargs)

        return call
