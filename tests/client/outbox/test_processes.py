"""One outbox, several threads and processes, forks, and a thread in the background."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox
from pywats.client.outbox.sending_lock import SendingLock
from pywats.sandbox import Fault
from tests.client.outbox.conftest import ROUTE, posts, units
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox

PROGRAM = """\
import sys
from pywats import pyWATS
from tests.client.outbox.killed import document
from uuid import uuid4
with pyWATS(outbox=sys.argv[1]) as api:
    for _ in range(10):
        api.report.submit_report(document(str(uuid4())))
"""


def test_several_processes_send_each_report_once(
    api: pyWATS, sandbox: Sandbox, directory: Path
) -> None:
    environment = {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
    sandbox.inject("POST", ROUTE, Fault.status(503), times=10)
    processes = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, str(directory)], env=os.environ | environment
        )
        for _ in range(4)
    ]
    assert [process.wait(120) for process in processes] == [0] * 4
    assert Outbox(directory).send(api).waiting == 0
    assert len(set(units(api))) == 40
    assert posts(sandbox) == 50


def test_threads_share_an_outbox(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    made = [report(f"{number:02}") for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(keeping.report.submit_report, made))
    assert {result.uuid for result in results} == {each.id for each in made}
    assert not any(result.kept for result in results)
    assert sorted(units(keeping)) == [f"{number:02}" for number in range(24)]
    assert posts(sandbox) == 24
    assert Outbox(directory).status().waiting == 0


def test_who_waits_for_another_sender_waits_no_longer_than_its_timeout(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    with SendingLock(directory / "sending.lock").held(0) as held:
        assert held
        assert keeping.with_options(timeout=0.2).report.submit_report(report("A")).kept
    assert posts(sandbox) == 0
    assert Outbox(directory).send(keeping).waiting == 0


def test_a_lock_that_is_held_at_a_fork_ends_with_the_parent_s(tmp_path: Path) -> None:
    lock = SendingLock(tmp_path / "lock")
    program = (
        "import os, sys, time, pathlib\n"
        "from pywats.client.outbox.sending_lock import SendingLock\n"
        "lock = SendingLock(pathlib.Path(sys.argv[1]))\n"
        "with lock.held(0):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(20)\n"
        "        os._exit(0)\n"
        "    print('forked', flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(tmp_path / "lock")],
        stdout=subprocess.DEVNULL,
        timeout=240,
        check=False,
    )
    assert done.returncode == -9
    with lock.held(120) as held:
        assert held


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_waits_until_the_database_is_not_in_use(
    keeping: pyWATS, report: Callable[..., UUTReport], directory: Path
) -> None:
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            keeping.report.submit_report(report("T"))

    thread = threading.Thread(target=keep)
    thread.start()
    children = []
    for _ in range(10):
        child = os.fork()
        if child == 0:
            # Without a request: what is tested is the database.
            status = Outbox(directory).status()
            os._exit(0 if status.waiting in {0, 1} else 1)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    stop.set()
    thread.join(120)
    assert codes == [0] * 10


def test_a_thread_in_the_background_sends(
    connect: Callable[..., pyWATS],
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(503))
    api = connect(outbox=Outbox(directory, background=True, interval=0.1))
    assert [api.report.submit_report(report(unit)).kept for unit in ("A", "B")] == [True, True]
    told = "the outbox could not be sent and is tried again: POST /api/Report/WSJF"
    eventually(lambda: told in caplog.text)
    sandbox.heal()
    eventually(lambda: Outbox(directory).status().waiting == 0)
    assert units(api) == ["A", "B"]
    api.close()
    eventually(lambda: not any(t.name == "pywats-outbox" for t in threading.enumerate()))


def test_a_log_handler_that_raises_does_not_end_the_thread_in_the_background(
    connect: Callable[..., pyWATS],
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
) -> None:
    class Broken(logging.Handler):
        called = False

        def emit(self, record: logging.LogRecord) -> None:
            self.called = True
            raise BrokenPipeError(record.getMessage())

    sandbox.inject("POST", ROUTE, Fault.status(503))
    handler, logger = Broken(), logging.getLogger("pywats.outbox")
    logger.addHandler(handler)
    try:
        api = connect(outbox=Outbox(directory, background=True, interval=0.1))
        api.report.submit_report(report("A"))
        eventually(lambda: handler.called)
        sandbox.heal()
        eventually(lambda: Outbox(directory).status().waiting == 0)
    finally:
        logger.removeHandler(handler)
    assert units(api) == ["A"]


@pytest.mark.parametrize("event", ["call", "c_return"])
def test_ctrl_c_at_any_moment_leaves_the_thread_in_the_background_as_it_is(
    connect: Callable[..., pyWATS], report: Callable[..., UUTReport], directory: Path, event: str
) -> None:
    """Ctrl-C is seen where a profiler is called; see ``tests/faults/programs/sweep.py``."""
    # An outbox of an earlier test may still be ending.
    earlier = set(threading.enumerate())
    outbox = Outbox(directory, background=True, interval=0.1)
    api = connect(outbox=outbox)
    api.report.submit_report(report("A"))
    port, engine = api._port_and_engine()
    moment = count = 0

    def interrupt(_: object, what: str, __: object) -> None:
        nonlocal count
        count += what == event
        if count == moment:
            sys.setprofile(None)
            raise KeyboardInterrupt

    while count == moment:
        moment, count = moment + 1, 0
        sys.setprofile(interrupt)
        try:
            outbox.wake(port, engine)
        except KeyboardInterrupt:
            continue
        finally:
            sys.setprofile(None)
    assert moment > 1
    api.report.submit_report(report("B"))
    eventually(lambda: outbox.status().waiting == 0)
    begun = set(threading.enumerate()) - earlier
    assert [each.name for each in begun].count("pywats-outbox") == 1
    api.close()


def test_an_outbox_with_a_thread_serves_one_client_after_another(
    connect: Callable[..., pyWATS], report: Callable[..., UUTReport], directory: Path
) -> None:
    outbox = Outbox(directory, background=True, interval=0.1)
    for unit in ("A", "B"):
        api = connect(outbox=outbox)
        api.report.submit_report(report(unit))
        eventually(lambda: outbox.status().waiting == 0)
        api.close()
    assert units(connect()) == ["A", "B"]
