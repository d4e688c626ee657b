"""Many greenlets and one client, under gevent's monkey patching.

Run as a program: ``python greenlets.py base_url token``. Each greenlet asks for a product under an
id of its own, all at once.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import asyncio  # noqa: E402 - what is imported before is not patched
import sys  # noqa: E402 - see above
import time  # noqa: E402 - see above
import warnings  # noqa: E402 - see above

import gevent  # noqa: E402 - see above

from pywats import (  # noqa: E402 - see above
    SyncInLoopWarning,
    SyncServiceWrapper,
    correlation_id,
    current_correlation_id,
    pyWATS,
)
from pywats.errors import WATSTimeoutError  # noqa: E402 - see above

GREENLETS = 20
DELAY = 0.5  # of the server


class Doubler:
    async def double(self, number: int) -> tuple[int, str | None]:
        await asyncio.sleep(0.1)
        return 2 * number, current_correlation_id()


def ask(api: pyWATS, doubler: SyncServiceWrapper[Doubler], number: int) -> list[object]:
    with correlation_id(f"greenlet-{number}"):
        return [api.product.get_product("PCBA-100").name, *doubler.double(number)]


def main(base_url: str, token: str) -> None:
    # asyncio says that a loop runs if one does in any greenlet.
    warnings.simplefilter("ignore", SyncInLoopWarning)
    # By name, so that it is looked up.
    api = pyWATS(base_url.replace("127.0.0.1", "localhost"), token)
    doubler = SyncServiceWrapper(Doubler())
    began = time.monotonic()
    greenlets = [gevent.spawn(ask, api, doubler, number) for number in range(GREENLETS)]
    for number, each in enumerate(greenlets):
        print(each.get() == ["Power board", 2 * number, f"greenlet-{number}"])
    print("at once:", time.monotonic() - began < GREENLETS * DELAY / 2)
    try:
        api.with_options(timeout=DELAY / 5).product.get_product("PCBA-100")
    except WATSTimeoutError as error:
        print("limited:", error.elapsed is not None and error.elapsed < DELAY)
    api.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
