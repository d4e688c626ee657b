"""gunicorn: two workers share an application that was loaded, with its client, before the fork.

Run it with no arguments: it brings its own WATS server, and sends the workers requests. This
file is their configuration too, as ``gunicorn --config python:gunicorn_app`` reads it.
"""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from flask import Flask
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from opentelemetry.instrumentation.flask import FlaskInstrumentor

from pywats import configure_logging, pyWATS, telemetry
from pywats.sandbox import Fault, Sandbox

workers = 2
preload_app = True  # create_app runs once, in the parent
timeout = 30  # a sync worker that serves one request for longer is ended
DEADLINE = 20  # so a call gives up before


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """Set OpenTelemetry up in each worker: what exports has threads, and a fork leaves those."""
    if "OTEL_EXPORTER_OTLP_ENDPOINT" in os.environ:
        telemetry.configure("station-api")


def create_app() -> Flask:
    """Make the application. After the fork each worker's client makes new connections."""
    configure_logging()
    api = pyWATS(deadline=DEADLINE)
    app = Flask("station")
    FlaskInstrumentor().instrument_app(app)

    @app.get("/products/<part>")
    def product(part: str) -> dict[str, str | int | None]:
        return {"name": api.product.get_product(part).name, "worker": os.getpid()}

    return app


def main() -> None:
    """Start gunicorn, ask it for two things at once, and stop it."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:gunicorn_app"]
    with Sandbox() as sandbox, socket.create_server(("127.0.0.1", 0)) as listener:
        with pyWATS(sandbox.base_url, sandbox.token) as api:
            api.product.create_product("PCBA-100", name="Power board")
        sandbox.clear()
        gunicorn = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}", "gunicorn_app:create_app()"],
            cwd=Path(__file__).parent,
            env=os.environ | {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token},
            pass_fds=[listener.fileno()],
        )
        # While one worker waits for WATS, the other one has to serve, once it is up.
        sandbox.inject("GET", "*", Fault.delay(3))

        def ask(trace_id: str) -> int:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/products/PCBA-100"
            headers = {"traceparent": f"00-{trace_id}-eee19b7ec3c1b174-01"}
            worker: int = httpx.get(url, headers=headers, timeout=60).json()["worker"]
            return worker

        trace_ids = ["a" * 32, "b" * 32]
        try:
            with ThreadPoolExecutor(2) as threads:
                served_by = set(threads.map(ask, trace_ids))
        finally:
            gunicorn.terminate()
            print("gunicorn ended with", gunicorn.wait(60))
        seen = sorted(sent.header("x-correlation-id") or "" for sent in sandbox.requests)
        print(len(served_by), "workers; WATS saw", [each[:4] for each in seen])


if __name__ == "__main__":
    main()
