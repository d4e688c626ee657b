"""A worker as it runs on a production line: a call every second, every one of them traceable.

Run it with no arguments: it brings its own server, which fails now and then, and makes four calls.
`make observe` runs it against a server of its own until it is stopped, with its spans, metrics and
log lines exported to where OTEL_EXPORTER_OTLP_ENDPOINT says.
"""

import logging
import os
import signal
import sys
import time

from pywats import RetryConfig, configure_logging, pyWATS, telemetry
from pywats.errors import WATSError
from pywats.sandbox import Fault, Sandbox

log = logging.getLogger("worker")
retry = RetryConfig(max_retries=2, backoff=2.0, max_backoff=0.5, jitter="full")


def look_up(api: pyWATS) -> None:
    """Do a round of work."""
    try:
        product = api.product.get_product("PCBA-100")
        log.info("testing %s", product.part_number)
    except WATSError as error:
        # A reader of this line finds the trace by the id in it.
        log.warning("cannot test: %s", error)


configure_logging(json=True)
if "OTEL_EXPORTER_OTLP_ENDPOINT" in os.environ:
    telemetry.configure("station-7")
# Leave by Python's own exit, so that what is queued is exported first.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

if "PYWATS_BASE_URL" in os.environ:
    with pyWATS(timeout=1.0, deadline=5.0, retry_config=retry) as api:
        while True:
            look_up(api)
            time.sleep(1.0)

with (
    Sandbox() as sandbox,
    pyWATS(sandbox.base_url, sandbox.token, timeout=0.3, retry_config=retry) as api,
):
    api.product.create_product("PCBA-100")
    for fault in (None, Fault.status(503), Fault.hang(), Fault.status(500)):
        if fault is not None:
            sandbox.inject("GET", "/api/Product/{partNumber}", fault, times=1)
        look_up(api)
    print("the server saw", len(sandbox.requests), "requests")
