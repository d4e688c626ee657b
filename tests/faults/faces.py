"""One call through either client, in a form that a test can be parametrised with."""

from __future__ import annotations

import asyncio
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from pywats import AsyncWATS, RetryConfig, SyncConfig, pyWATS
from tests.http.transports import products
from tests.http.transports.products import TOKEN

if TYPE_CHECKING:
    from tests.http.transports.products import Wrap


def blocking(base_url: str, method: str = "get_product", *args: Any, **settings: Any) -> Any:
    with pyWATS(base_url, TOKEN, **settings) as api:
        return getattr(api.product, method)(*(args or ("A",)))


def asynchronous(base_url: str, method: str = "get_product", *args: Any, **settings: Any) -> Any:
    async def main() -> Any:
        async with AsyncWATS(base_url, TOKEN, **settings) as api:
            return await getattr(api.product, method)(*(args or ("A",)))

    return asyncio.run(main())


FACES = [blocking, asynchronous]
each_face = pytest.mark.parametrize("face", FACES)


def _called(
    wrap: Wrap,
    base_url: str,
    method: str,
    args: tuple[Any, ...],
    *,
    verify_ssl: Any = True,
    retry_config: RetryConfig | None = None,
    **limits: Any,
) -> Any:
    retry: dict[str, Any] = (
        {} if retry_config is None else {"retry": retry_config, "retry_enabled": True}
    )
    face = wrap(base_url, SyncConfig(**limits, **retry), verify_ssl=verify_ssl)
    try:
        return getattr(face, method)(*(args or ("A",)))
    finally:
        face.aclose()


def over_direct(base_url: str, method: str = "get_product", *args: Any, **settings: Any) -> Any:
    return _called(products.over_direct, base_url, method, args, **settings)


def over_call(base_url: str, method: str = "get_product", *args: Any, **settings: Any) -> Any:
    return _called(products.over_call, base_url, method, args, **settings)


@cache
def certificates() -> ssl.SSLContext:
    """Return what a transport has by default, for calls that have a limit of time.

    Loading it takes a transport 20 ms, which is most of the limit on a busy machine.
    """
    return ssl.create_default_context()


TRANSPORTS = [over_direct, over_call]
each_transport = pytest.mark.parametrize("face", TRANSPORTS)
each_attempt = pytest.mark.parametrize("face", [*FACES, *TRANSPORTS])
"""The WATS client, and a service of one's own, which has errors of other classes."""
