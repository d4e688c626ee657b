"""One call with a past: a 503, a timeout, then success. Told by a process of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.observability.scripts import Run, run

SERVICE = "pywats-story"
CALL = "pywats.product.get_product"
ATTEMPT = "GET /api/Product/{partNumber}"

SOURCE = f"""
import json, sys
from pywats import RetryConfig, configure_logging, correlation_id, pyWATS, telemetry
from pywats.errors import NotFoundError
from pywats.sandbox import Fault, Sandbox
configure_logging(json=True, stream=sys.stdout)
if SDK:
    telemetry.configure("{SERVICE}")
route = "/api/Product/{{partNumber}}"
retry = RetryConfig(max_retries=3, max_backoff=0.01)
with Sandbox() as sandbox:
    with pyWATS(sandbox.base_url, sandbox.token, timeout=0.3, retry_config=retry) as api:
        api.product.create_product("A")
        sandbox.clear()
        sandbox.inject("GET", route, Fault.status(503), times=1)
        sandbox.inject("GET", route, Fault.hang(), times=1)
        api.product.get_product("A")
        try:
            api.product.get_product("missing")
        except NotFoundError as error:
            failed = error.correlation_id
        with correlation_id("job-42"):
            api.product.get_product("A")
    sent = [(r.header("x-correlation-id"), r.header("traceparent")) for r in sandbox.requests]
print(json.dumps({{"sent": sent, "failed": failed}}))
"""
WITHOUT_SDK = """
import sys
sys.modules["opentelemetry.sdk"] = None  # as if it were not installed
SDK = False
"""


@dataclass(frozen=True)
class Story:
    """What the process wrote down.

    Attributes:
        correlation_id: The id in the line that tells of the first failed attempt.
        lines: Its log lines.
        sent: The headers X-Correlation-ID and traceparent of its requests.
        failed: The id on the exception of the call that failed.
    """

    correlation_id: str
    lines: list[dict[str, Any]]
    sent: list[tuple[str, str | None]]
    failed: str


def tell(**environment: str) -> Story:
    """Tell the story with the SDK, to the collector that the variables name."""
    return _read(run("SDK = True\n" + SOURCE, **environment))


def tell_without_sdk() -> Story:
    """Tell the story where there is no SDK."""
    return _read(run(WITHOUT_SDK + SOURCE))


def _read(done: Run) -> Story:
    found = [json.loads(line) for line in done.out]
    # Not by its place: what the endpoint refuses is told when the process ends.
    (last,) = [line for line in found if "sent" in line]
    lines = [line for line in found if "sent" not in line]
    (first_failure,) = [line for line in lines if "attempt 1 failed" in line["message"]]
    return Story(
        first_failure["correlation_id"],
        lines,
        [(correlation_id, parent) for correlation_id, parent in last["sent"]],
        last["failed"],
    )
