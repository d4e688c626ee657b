"""Run the soak test: ``python -m tests.soak [--seconds N] [--write PAGE]``."""

from __future__ import annotations

import argparse
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil

from pywats import pyWATS
from pywats.sandbox import Sandbox
from tests.otlp import OTLPReceiver
from tests.soak.load import HANGS_AFTER, Outcome, run_load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

GUNICORN = {
    "gunicorn sync": ["--worker-class", "sync", "--workers", "3"],
    "gunicorn gthread": ["--worker-class", "gthread", "--workers", "2", "--threads", "4"],
    "gunicorn gevent": ["--worker-class", "gevent", "--workers", "2"],
}
START, STOP = "<!-- figures: make soak -->", "<!-- end of figures -->"


def main() -> None:
    """Run every scenario, print the figures, and fail if a promise does not hold."""
    arguments = argparse.ArgumentParser(prog="python -m tests.soak")
    arguments.add_argument("--seconds", type=float, default=20.0, help="for each scenario")
    arguments.add_argument("--write", type=Path, help="the page that the figures are put into")
    given = arguments.parse_args()
    rows = [
        "| scenario | successful | broken off by a kill or reload | failed | hung | wrong id "
        "| memory growth of a process | end |",
        "|---|---|---|---|---|---|---|---|",
    ]
    bad = False
    for name, options in GUNICORN.items():
        for preload in (False, True):
            label = name + (" --preload" if preload else "")
            more = ["--preload"] if preload else []
            outcome, ended = gunicorn([*options, *more], given.seconds)
            bad |= report(rows, label, outcome, ended)
    outcome, ended = celery(given.seconds)
    bad |= report(rows, "celery prefork", outcome, ended)
    if given.write:
        told = f"CPython {platform.python_version()}, {given.seconds:g} s for each scenario."
        page = given.write.read_text("utf-8")
        figures = "\n".join([START, "", told, "", *rows, "", STOP])
        page = re.sub(f"{START}.*{STOP}", lambda _: figures, page, flags=re.DOTALL)
        given.write.write_text(page, "utf-8")
    sys.exit(bad)


def report(rows: list[str], name: str, outcome: Outcome, ended: float) -> bool:
    """Print a scenario and add it to the rows; return whether a promise does not hold."""
    rows.append(
        f"| {name} | {outcome.responded} | {outcome.broken} | {len(outcome.failed)} "
        f"| {outcome.hung} | {outcome.mismatched} | {outcome.growth:.1f} MB | {ended:.1f} s |"
    )
    print(rows[-1], *set(outcome.failed[:3]), flush=True)  # noqa: T201 - a program
    return bool(
        outcome.failed or outcome.hung or outcome.mismatched or not outcome.responded or ended > 15
    )


@contextmanager
def surroundings() -> Iterator[tuple[dict[str, str], Callable[[], None]]]:
    """Start a server and a collector; yield an environment and what kills the collector."""
    with Sandbox() as server, ExitStack() as collector, tempfile.TemporaryDirectory() as folder:
        receiver = collector.enter_context(OTLPReceiver())
        for each in ("queue", "results"):
            (Path(folder) / each).mkdir()
        with pyWATS(server.base_url, server.token) as api:
            api.product.create_product("SOAK")
        yield (
            os.environ
            | {
                "PYWATS_BASE_URL": server.base_url,
                "PYWATS_TOKEN": server.token,
                "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
                "OTEL_BSP_SCHEDULE_DELAY": "200",
                "SOAK_FOLDER": folder,
                "PYTHONPATH": str(Path(__file__).parents[2]),
            },
            collector.close,
        )


def gunicorn(options: list[str], seconds: float) -> tuple[Outcome, float]:
    """Load a gunicorn server; kill the collector, kill a worker, and reload meanwhile."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with surroundings() as (env, kill_collector):
        command = [
            *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
            *("--log-level", "critical", "--graceful-timeout", "5", *options),
            "tests.soak.station:application",
        ]
        server = start(command, env)
        wait_for(port)
        outcome = run_load(
            f"http://127.0.0.1:{port}/",
            seconds,
            threads=4,
            events=[
                (0.25, kill_collector),
                (0.4, lambda: kill_a_child(server)),
                (0.6, lambda: server.send_signal(signal.SIGHUP)),
                (0.8, lambda: kill_a_child(server)),
            ],
        )
        return outcome, stop(server)


def celery(seconds: float) -> tuple[Outcome, float]:
    """Give tasks to a Celery worker; kill the collector and a child meanwhile."""
    with surroundings() as (env, kill_collector):
        os.environ.update(env)
        command = [
            *(sys.executable, "-m", "celery", "--app", "tests.soak.station:celery", "worker"),
            *(
                "--concurrency",
                "3",
                "--loglevel",
                "CRITICAL",
                "--without-gossip",
                "--without-mingle",
            ),
        ]
        worker = start(command, env)
        from tests.soak.station import task  # noqa: PLC0415 - needs the environment above

        outcome = Outcome()
        events = [(0.3, kill_collector), (0.6, lambda: kill_a_child(worker))]
        started, number = time.monotonic(), 0
        waiting = {}
        while (passed := time.monotonic() - started) < seconds:
            if events and passed > events[0][0] * seconds:
                events.pop(0)[1]()
            waiting[f"task-{number}"] = task.delay(f"task-{number}")
            number += 1
            time.sleep(0.05)
        # Those that were given last wait for those before; the limit is one for all of them.
        end = time.monotonic() + HANGS_AFTER + seconds
        for request_id, result in waiting.items():
            try:
                left = max(0.1, end - time.monotonic())
                outcome.add(request_id, result.get(timeout=left))
            except TimeoutError:
                outcome.hung += 1
            except Exception as error:  # noqa: BLE001 - of the task
                outcome.failed.append(f"{type(error).__name__}: {error}")
        return outcome, stop(worker)


def start(command: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own."""
    return subprocess.Popen(  # noqa: S603 - our own command
        command,
        env=dict(env),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(port: int) -> None:
    """Wait until the application has served a request."""
    for _ in range(300):
        with suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/", headers={"X-Request-ID": "first"}, timeout=60)
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def kill_a_child(server: subprocess.Popen[bytes]) -> None:
    """Kill one process of a server as the kernel does where memory runs out."""
    children = psutil.Process(server.pid).children()
    if children:
        children[0].kill()


def stop(server: subprocess.Popen[bytes]) -> float:
    """End a server as a service manager does; return how many seconds it took."""
    began = time.monotonic()
    server.terminate()
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
