"""The same question asked both ways: on the calling thread, and in an event loop.

Run it with no arguments: it brings its own server.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from pywats import AsyncWATS, RetryConfig, pyWATS
from pywats.sandbox import Sandbox

PARTS = ["PCBA-100", "PCBA-200", "PCBA-300"]


def in_threads(base_url: str, token: str) -> list[str | None]:
    """Ask for all parts at once with one synchronous client, which serves all threads."""
    retry = RetryConfig(max_retries=3, jitter="full")
    with (
        pyWATS(base_url, token, timeout=10, deadline=30, retry_config=retry) as api,
        ThreadPoolExecutor() as threads,
    ):
        return [each.name for each in threads.map(api.product.get_product, PARTS)]


async def in_a_loop(base_url: str, token: str) -> list[str | None]:
    """Ask for all parts at once in an event loop, whose own means limit the whole."""
    async with AsyncWATS(base_url, token, timeout=10) as api, asyncio.timeout(30):
        found = await asyncio.gather(*[api.product.get_product(part) for part in PARTS])
    return [each.name for each in found]


with Sandbox() as sandbox:
    with pyWATS(sandbox.base_url, sandbox.token) as setup:
        for part in PARTS:
            setup.product.create_product(part, name=f"Board {part[-3:]}")
    names = in_threads(sandbox.base_url, sandbox.token)
    print("threads:", names)
    print("the same in a loop:", names == asyncio.run(in_a_loop(sandbox.base_url, sandbox.token)))
