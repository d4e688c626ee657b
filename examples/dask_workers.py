"""Dask workers, one trace: the client goes to each worker once, the carrier goes with each task.

Run it with no arguments: it brings its own server and two workers on this machine.
"""

import os

from distributed import Client, LocalCluster
from opentelemetry.sdk.trace import TracerProvider

from pywats import attach_context, inject_context, pyWATS
from pywats.sandbox import Sandbox


def look_up(part: str, api: pyWATS, carrier: dict[str, str]) -> str | None:
    """Be one task: its calls and log lines belong to the trace of its sender."""
    with attach_context(carrier):
        return api.product.get_product(part).name


def main() -> None:
    """Submit the tasks under one span."""
    tracer = TracerProvider().get_tracer("dask_workers")
    parts = [f"PCBA-{number}" for number in range(8)]
    with Sandbox() as sandbox:
        os.environ |= {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
        with (
            LocalCluster(
                n_workers=2,
                threads_per_worker=2,
                host="127.0.0.1",
                dashboard_address=None,  # pyright: ignore[reportArgumentType]  # documented so
            ) as cluster,
            Client(cluster) as dask,
            pyWATS() as client,
        ):
            for part in parts:
                client.product.create_product(part, name=part.lower())
            # In the arguments it would be unpacked for each task, here it is for each worker.
            everywhere = dask.scatter(client, broadcast=True)
            with tracer.start_as_current_span("batch"):
                tasks = dask.map(look_up, parts, api=everywhere, carrier=inject_context())
                print(dask.gather(tasks))
        asked = sandbox.requests[len(parts) :]
        print("connections:", len({request.connection for request in asked}))
        ids = {request.header("x-correlation-id") for request in asked}
        print("the server saw", len(asked), "requests of", len(ids), "trace")


if __name__ == "__main__":
    main()
