"""Two processes, as multiprocessing starts them, each of which exports what it does."""

from __future__ import annotations

import multiprocessing
import warnings

from opentelemetry.sdk.trace import TracerProvider

from pywats import attach_context, current_correlation_id, inject_context, pyWATS, telemetry
from pywats.sandbox import Sandbox


def work(api: pyWATS, carrier: dict[str, str]) -> None:
    telemetry.configure("fleet")
    with api, attach_context(carrier):
        api.product.get_products()


def main(method: str, *, configured_before: bool) -> None:
    # Python 3.12 warns of a fork with threads around.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    start = multiprocessing.get_context(method)
    with Sandbox() as sandbox:
        if configured_before:
            telemetry.configure("fleet")
        api = pyWATS(sandbox.base_url, sandbox.token)
        with TracerProvider().get_tracer("fleet").start_as_current_span("batch"):
            tasks = [
                start.Process(target=work, args=(api, inject_context()))  # type: ignore[attr-defined]  # each method has one
                for _ in range(2)
            ]
            for task in tasks:
                task.start()
            for task in tasks:
                task.join()
            print(current_correlation_id(), *(task.exitcode for task in tasks))  # noqa: T201 - read by the test
