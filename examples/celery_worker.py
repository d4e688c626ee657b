"""A Celery task that calls WATS, in the trace and under the id of its sender.

Run it with no arguments: it brings its own WATS server, a worker, and a folder for a broker.
"""

import os
import subprocess
import sys
import uuid
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from celery import Celery, Task
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_prerun,
    worker_process_init,
    worker_process_shutdown,
)
from opentelemetry.instrumentation.celery import CeleryInstrumentor

from pywats import (
    configure_logging,
    correlation_id,
    current_correlation_id,
    pyWATS,
    telemetry,
    use_correlation_id_of,
)
from pywats.errors import ServerError, WATSConnectionError, WATSTimeoutError
from pywats.sandbox import Fault, Sandbox

WAIT = 0.1  # seconds before the first retry of a task; in production rather a minute
HEADER = "x-correlation-id"
senders_id: ContextVar[str | None] = ContextVar("senders_id", default=None)
use_correlation_id_of(senders_id)
CeleryInstrumentor().instrument()  # the sender's span is the parent of the task's

app = Celery("celery_worker")


def use_folder(folder: str) -> None:
    """Let a folder be the broker and keep the results. In production it is Redis or RabbitMQ."""
    folders = dict.fromkeys(("data_folder_in", "data_folder_out", "control_folder"), folder)
    app.conf.update(
        broker_url="filesystem://",
        broker_transport_options={**folders, "polling_interval": 0.05},
        result_backend=f"db+sqlite:///{folder}/results.sqlite",
    )


if "BROKER_FOLDER" in os.environ:
    use_folder(os.environ["BROKER_FOLDER"])


@cache
def wats() -> pyWATS:
    """Return the client of this process: all its limits are below the limits of the task."""
    return pyWATS(deadline=20)


@before_task_publish.connect
def send_id(headers: dict[str, object], **_: object) -> None:
    """Let the id of the sender travel with the task."""
    headers[HEADER] = current_correlation_id()


@task_prerun.connect
def take_id(task: Task[..., object], **_: object) -> None:
    """Use it for all that the task does."""
    senders_id.set((task.request.headers or {}).get(HEADER))


def export(service_name: str) -> None:
    """Send spans, metrics and log records where OTEL_EXPORTER_OTLP_ENDPOINT says."""
    if "OTEL_EXPORTER_OTLP_ENDPOINT" in os.environ:
        telemetry.configure(service_name)


@setup_logging.connect
def log(**_: object) -> None:
    """Log in place of Celery, whose own lines then carry ids, too."""
    configure_logging()


@worker_process_init.connect
def start(**_: object) -> None:
    """Set OpenTelemetry up in each process of the pool, after the fork."""
    export("station-worker")


@worker_process_shutdown.connect
def stop(**_: object) -> None:
    """Export what is queued: processes of the pool leave without Python's own exit."""
    telemetry.shutdown()


@app.task(bind=True, max_retries=5, soft_time_limit=30, time_limit=40)
def submit(task: Task[..., str], serial_number: str, report_id: str) -> str:
    """Submit the report of a unit; the sender has made its id, so it may be done twice."""
    api = wats()
    report = api.report.create_uut_report(
        "op", "PCBA-100", "A", serial_number, 100, report_id=report_id
    )
    report.conclude()
    try:
        api.report.submit_report(report)
    except (WATSConnectionError, WATSTimeoutError, ServerError) as error:
        raise task.retry(exc=error, countdown=WAIT * 2**task.request.retries) from error
    return report_id


def main() -> None:
    """Start a worker and send it a task whose first response is lost."""
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "celery_worker", "worker"]
    export("station-api")
    with Sandbox() as sandbox, TemporaryDirectory() as folder:
        use_folder(folder)
        os.environ |= {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
        worker = subprocess.Popen(
            [*command, "--concurrency", "1"],
            cwd=Path(__file__).parent,
            env=os.environ | {"BROKER_FOLDER": folder},
        )
        sandbox.inject("POST", "/api/Report/WSJF", Fault.reset(executed=True), times=1)
        try:
            with correlation_id("order-4711"):
                sent = submit.delay("SN-1", str(uuid.uuid4()))
            sent.get(timeout=30, interval=0.05)
        finally:
            worker.terminate()
            print("the worker ended with", worker.wait(30))
        seen = [request.header("x-correlation-id") for request in sandbox.requests]
        reports = list(wats().report.iter_headers())
        wats().close()
    print("WATS saw", seen, "and has", len(reports), "report")


if __name__ == "__main__":
    main()
