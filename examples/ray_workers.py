"""Ray actors, one trace: each actor has the client, the carrier goes with each task.

Needs ray, which is not a dependency of pywats: pip install ray. Run it with no arguments: it brings
its own server and two actors on this machine.
"""

import os

import ray  # pyright: ignore[reportMissingImports]  # need not be here
from opentelemetry.sdk.trace import TracerProvider

from pywats import attach_context, inject_context, pyWATS
from pywats.sandbox import Sandbox


class Worker:
    """Keeps the client for all its tasks, so that they share its connections."""

    def __init__(self, api: pyWATS) -> None:
        self.api = api

    def look_up(self, part: str, carrier: dict[str, str]) -> str | None:
        """Be one task: its calls and log lines belong to the trace of its sender."""
        with attach_context(carrier):
            return self.api.product.get_product(part).name


def main() -> None:
    """Submit the tasks under one span."""
    tracer = TracerProvider().get_tracer("ray_workers")
    parts = [f"PCBA-{number}" for number in range(8)]
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    with Sandbox() as sandbox:
        os.environ |= {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        with pyWATS() as client:
            for part in parts:
                client.product.create_product(part, name=part.lower())
            actor = ray.remote(Worker)
            workers = [actor.remote(client) for _ in range(2)]
            with tracer.start_as_current_span("batch"):
                carrier = inject_context()
                tasks = [
                    workers[n % 2].look_up.remote(part, carrier) for n, part in enumerate(parts)
                ]
                print(ray.get(tasks))
        ray.shutdown()
        asked = sandbox.requests[len(parts) :]
        print("connections:", len({request.connection for request in asked}))
        ids = {request.header("x-correlation-id") for request in asked}
        print("the server saw", len(asked), "requests of", len(ids), "trace")


if __name__ == "__main__":
    main()
