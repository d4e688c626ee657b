"""A WATS sandbox that meets its clients with one fault after another, for `make observe`."""

from __future__ import annotations

import itertools
import time

from pywats import pyWATS
from pywats.sandbox import Fault, Sandbox

ROUTE = "/api/Product/{partNumber}"
SECONDS_BETWEEN_FAULTS = 5
FAULTS = (
    (Fault.status(503), 2),
    (Fault.delay(0.4), 3),
    (Fault.hang(), 1),
    (Fault.status(429, retry_after=1), 1),
    (Fault.reset(), 2),
    (Fault.status(500), 1),
)

# The other containers come in from outside.
with Sandbox(host="0.0.0.0", port=8080) as sandbox:  # noqa: S104
    with pyWATS(sandbox.base_url, sandbox.token) as api:
        api.product.create_product("PCBA-100", name="Power board")
    print(f"listening on port 8080, a fault every {SECONDS_BETWEEN_FAULTS} s", flush=True)
    for fault, times in itertools.cycle(FAULTS):
        time.sleep(SECONDS_BETWEEN_FAULTS)
        sandbox.clear()
        sandbox.inject("GET", ROUTE, fault, times=times)
