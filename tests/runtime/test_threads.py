"""A process always ends: calls from finalizers work or fail at once, on every Python."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pywats.runtime import threads
from pywats.sync import PortalRunner
from tests.untraced import untraced

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

REMOTE = """
import asyncio, atexit, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from pywats import SyncConfig, SyncServiceWrapper, pyWATS
from pywats.errors import CallClosedError
class Remote:
    async def log_off(self):
        await asyncio.sleep(0)
        return "done"
    async def wait(self):
        await asyncio.sleep(60)
remote = SyncServiceWrapper(Remote(), SyncConfig(timeout=60, deadline=60))
api = pyWATS(sys.argv[1], sys.argv[2], timeout=60, deadline=60)
CALLS = {"wrapper": remote.log_off, "client": api.product.get_products}
# Globals may be None when a finalizer runs.
def call(function=CALLS[sys.argv[3]], closed=CallClosedError):
    try:
        function()
        print("done\\n", end="", flush=True)
    except closed:
        print("closed\\n", end="", flush=True)
"""
MOMENTS = {
    "finalizer, used before": """
class Session:
    def __init__(self):
        call()
        self.itself = self
    def __del__(self, call=call):
        call()
session = Session()
""",
    "finalizer, first use": """
class Session:
    def __init__(self):
        self.itself = self
    def __del__(self, call=call):
        call()
session = Session()
""",
    "finalizer beside a daemon thread": """
class Session:
    def __init__(self):
        self.itself = self
    def __del__(self, call=call):
        call()
session = Session()
called = threading.Event()
def work():
    while True:
        call()
        called.set()
threading.Thread(target=work, daemon=True).start()
called.wait(240)
""",
    "atexit": "atexit.register(call)",
    "atexit of a module imported before": """
call()
""",
    "executor": """
pool = ThreadPoolExecutor(2)
pool.submit(call)
pool.submit(call)
""",
    "daemon thread in a call": """
threading.Thread(target=remote.wait, daemon=True).start()
time.sleep(0.2)
atexit.register(call)
""",
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("what", ["wrapper", "client"])
def test_a_process_ends(sandbox: Sandbox, moment: str, what: str) -> None:
    address = sandbox.base_url.replace("127.0.0.1", "localhost")
    program = REMOTE + MOMENTS[moment]
    if moment == "atexit of a module imported before":
        program = "import atexit\natexit.register(lambda: call())\n" + program
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, address, sandbox.token, what],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=untraced(),
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) <= {"done", "closed"}, done.stdout
    assert done.stdout
    assert "Traceback" not in done.stderr


def test_no_thread_is_started_while_the_interpreter_finalizes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "finalizing", lambda: True)
    thread = threading.Thread(target=PortalRunner)
    assert not threads.start_thread(thread)
    assert thread.ident is None


@pytest.mark.parametrize(
    ("message", "raised"),
    [("can't create new thread at interpreter shutdown", False), ("can't start new thread", True)],
)
def test_a_thread_that_cannot_be_started(message: str, *, raised: bool) -> None:
    class Refused(threading.Thread):
        def start(self) -> None:
            raise RuntimeError(message)

    if raised:
        with pytest.raises(RuntimeError, match=message):
            threads.start_thread(Refused())
    else:
        assert not threads.start_thread(Refused())
