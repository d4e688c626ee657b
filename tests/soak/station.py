"""What the soak test runs: a WSGI application and a Celery application over one client."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

from celery import Celery

from pywats import RetryConfig, correlation_id, pyWATS, telemetry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

telemetry.configure("soak", exit_timeout=2)
api = pyWATS(timeout=10, deadline=20, retry_config=RetryConfig(max_backoff=0.2))


def work(request_id: str) -> str:
    """Make a call under the id of a request; return the id it had, this process and its memory."""
    with correlation_id(request_id) as used:
        product = api.product.get_product("SOAK")
    assert product.part_number == "SOAK"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{used} {os.getpid()} {peak}"


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Serve one request."""
    try:
        status, body = "200 OK", work(environ["HTTP_X_REQUEST_ID"])
    except Exception as error:  # noqa: BLE001 - told to the driver, which counts it
        status, body = "500 Internal Server Error", f"{type(error).__name__}: {error}"
    start_response(status, [("Content-Type", "text/plain")])
    return [body.encode()]


folder = os.environ["SOAK_FOLDER"]
celery = Celery("soak", broker="filesystem://", backend=f"file://{folder}/results")
celery.conf.update(
    broker_transport_options={
        "control_folder": f"{folder}/control",
        "data_folder_in": f"{folder}/queue",
        "data_folder_out": f"{folder}/queue",
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_hijack_root_logger=False,
)
task = celery.task(name="soak.work")(work)
