"""A worker of Celery whose soft limit of time falls into a call, and whose task fails for good.

Run as a program; the worker imports it as a module.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from billiard.exceptions import SoftTimeLimitExceeded
from celery import Celery

from pywats import pyWATS
from pywats.errors import NotFoundError
from pywats.sandbox import Fault, Sandbox

app = Celery("limits")


def use_folder(folder: str) -> None:
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
    return pyWATS(timeout=None)


# Imports what a first call imports, so that the limit of the next task is for its call alone.
@app.task
def warm_up() -> None:
    with suppress(NotFoundError):
        wats().product.get_product("NO-SUCH-PART")


@app.task(soft_time_limit=3)
def interrupted() -> tuple[int, str]:
    try:
        wats().product.get_product("PCBA-100")
    except SoftTimeLimitExceeded as error:
        return os.getpid(), " ".join(error.__notes__)
    return os.getpid(), "was not interrupted"


@app.task
def name() -> tuple[int, str | None]:
    return os.getpid(), wats().product.get_product("PCBA-100").name


@app.task(throws=(NotFoundError,))
def missing() -> None:
    wats().product.get_product("NO-SUCH-PART")


def main() -> None:
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "limits", "worker"]
    with Sandbox() as sandbox, TemporaryDirectory() as folder:
        use_folder(folder)
        with pyWATS(sandbox.base_url, sandbox.token) as api:
            api.product.create_product("PCBA-100", name="Power board")
        os.environ |= {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
        worker = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--concurrency", "1"],
            cwd=Path(__file__).parent,
            env=os.environ | {"BROKER_FOLDER": folder},
        )
        try:
            warm_up.delay().get(timeout=200, interval=0.05)
            sandbox.inject("GET", "*", Fault.hang(), times=1)
            process, note = interrupted.delay().get(timeout=200, interval=0.05)
            print("interrupted:", note == f"correlation_id={id_of(sandbox)}")
            after = name.delay().get(timeout=200, interval=0.05)
            print("the same process goes on:", after == [process, "Power board"])
            try:
                missing.delay().get(timeout=200, interval=0.05)
            except NotFoundError as error:
                print("the sender learns of:", error.correlation_id, error.attempts)
        finally:
            worker.terminate()
            print("the worker ended with", worker.wait(200))


def id_of(sandbox: Sandbox) -> str | None:
    return sandbox.requests[-1].header("x-correlation-id")


if __name__ == "__main__":
    main()
