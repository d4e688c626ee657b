"""gevent: greenlets run while others wait for WATS, and limits of time hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox import Fault
from tests.frameworks.running import PROGRAMS, run

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.sandbox import Sandbox


def test_twenty_greenlets_share_a_client(api: pyWATS, sandbox: Sandbox) -> None:
    api.product.create_product("PCBA-100", name="Power board")
    sandbox.clear()
    sandbox.inject("GET", "*", Fault.delay(0.5))
    printed = run(PROGRAMS / "greenlets.py", sandbox.base_url, sandbox.token)
    assert printed == [*["True"] * 20, "at once: True", "limited: True"]
    ids = [request.header("x-correlation-id") for request in sandbox.requests[:20]]
    assert sorted(ids, key=str) == sorted(f"greenlet-{number}" for number in range(20))
