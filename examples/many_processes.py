"""Many processes, one trace: a client that is pickled, and a carrier that joins each task to it.

Run it with no arguments: it brings its own server. The address and the credentials are in the
environment, so that each process takes them from there and the pickle holds neither.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from opentelemetry.sdk.trace import TracerProvider

from pywats import attach_context, configure_logging, inject_context, pyWATS
from pywats.sandbox import Fault, Sandbox

api: pyWATS


def begin(shared: pyWATS) -> None:
    """Keep the client for all tasks of this process, so that they share its connections."""
    global api  # noqa: PLW0603 - a process has one
    api = shared
    configure_logging()


def look_up(carrier: dict[str, str], part: str) -> int:
    """Be one task: its calls and log lines belong to the trace of its sender."""
    with attach_context(carrier):
        api.product.get_product(part)
        return os.getpid()


def main() -> None:
    """Submit the tasks under one span."""
    tracer = TracerProvider().get_tracer("many_processes")
    parts = [f"PCBA-{number}" for number in range(8)]
    with Sandbox() as sandbox:
        os.environ |= {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
        with pyWATS() as client:
            for part in parts:
                client.product.create_product(part)
            sandbox.inject("GET", "*", Fault.delay(0.1))
            spawn = multiprocessing.get_context("spawn")
            with (
                ProcessPoolExecutor(2, spawn, initializer=begin, initargs=(client,)) as pool,
                tracer.start_as_current_span("batch"),
            ):
                done = list(pool.map(partial(look_up, inject_context()), parts))
        asked = sandbox.requests[len(parts) :]
        print("processes:", len(set(done)))
        print("connections:", len({request.connection for request in asked}))
        ids = {request.header("x-correlation-id") for request in asked}
        print("the server saw", len(asked), "requests of", len(ids), "trace")


if __name__ == "__main__":
    main()
