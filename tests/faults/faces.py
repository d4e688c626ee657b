"""One call through either client, in a form that a test can be parametrised with."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pywats import AsyncWATS, pyWATS

TOKEN = "c3RhdGlvbjpzYW5kYm94"
"""The credentials of the sandbox."""


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
