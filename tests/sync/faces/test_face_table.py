"""The table of what a synchronous face has to stand, for both runners, over real sockets."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import signal
import subprocess
import sys
import textwrap
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pywats import SyncServiceWrapper
from pywats.sync import DirectRunner, PortalRunner, ReentrantCallError, SyncFace, unwrap
from tests.forking import in_child
from tests.sync.lines import VARIABLE, BlockingLines, Lines, LineServer, LoopLines, wait_a_moment
from tests.untraced import untraced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats.sync.runners.direct import Runner

ROOT = Path(__file__).parents[3]
RUNNERS: dict[str, tuple[type[Lines], Callable[[], Runner]]] = {
    "direct": (BlockingLines, DirectRunner),
    "portal": (LoopLines, PortalRunner),
}


@pytest.fixture(autouse=True)
def _unset() -> None:
    """Take back what other tests have set."""
    VARIABLE.set("unset")


@pytest.fixture
def server() -> Iterator[LineServer]:
    with LineServer() as running:
        yield running


@pytest.fixture(params=RUNNERS)
def lines(server: LineServer, request: pytest.FixtureRequest) -> SyncServiceWrapper[Lines]:
    client, runner = RUNNERS[request.param]
    return SyncServiceWrapper(client(server.port), runner=runner(), name="lines")


@pytest.fixture(params=RUNNERS)
def script(server: LineServer, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Return a function that returns a program with a client of the server."""
    client, runner = RUNNERS[request.param]

    def make(body: str) -> str:
        return textwrap.dedent(
            f"""
            import faulthandler, os, signal, sys, threading
            from pywats import SyncServiceWrapper
            from pywats.sync import {runner.__name__}
            from tests.sync.lines import {client.__name__}
            faulthandler.dump_traceback_later(200, exit=True)
            # A test run in the background hands SIGINT down as ignored.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            lines = SyncServiceWrapper({client.__name__}({server.port}), runner={runner.__name__}())
            """
        ) + textwrap.dedent(body)

    return make


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "error", "-X", "dev", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def in_fresh_context(function: Callable[[], Any]) -> Any:
    return contextvars.copy_context().run(function)


def test_context_in_and_out(lines: SyncServiceWrapper[Lines], server: LineServer) -> None:
    def calls() -> str:
        VARIABLE.set("caller")
        assert lines.tell("one") == "caller"
        assert lines.tell("two") == "caller+one"
        return VARIABLE.get()

    assert in_fresh_context(calls) == "caller+one+two"
    assert server.received == ["echo caller", "echo caller+one"]
    assert VARIABLE.get() == "unset"


def test_context_comes_out_with_an_exception_too(lines: SyncServiceWrapper[Lines]) -> None:
    def call() -> str:
        with pytest.raises(LookupError):
            lines.fail("reason")
        return VARIABLE.get()

    assert in_fresh_context(call) == "reason"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent as on POSIX")
def test_ctrl_c_stops_the_work_and_waits_for_its_end(
    script: Callable[[str], str], server: LineServer
) -> None:
    program = script("""
        try:
            lines.ask("wait")
        except KeyboardInterrupt:
            print(lines.log, flush=True)
            sys.stdin.read()
    """)
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Untraced: a tracer of coverage stretches the moments between two calls.
        env=untraced(),
    ) as child:
        server.until(received=1)
        wait_a_moment()
        child.send_signal(signal.SIGINT)
        # The connection ends while the process lives on: nothing goes on in the background.
        server.until(open_=0)
        assert child.poll() is None
        assert child.communicate("")[0] == "['wait ended']\n"
        assert child.returncode == 0


@pytest.mark.filterwarnings("ignore::pywats.sync.SyncInLoopWarning")
def test_a_call_in_a_running_loop(lines: SyncServiceWrapper[Lines]) -> None:
    async def main() -> str:
        response: str = lines.ask("echo here")
        return response

    assert asyncio.run(main()) == "here"


@pytest.mark.filterwarnings("ignore::pywats.sync.SyncInLoopWarning")
def test_a_re_entrant_call_from_a_coroutine(server: LineServer) -> None:
    """The direct runner nests; with the portal the loop would have to wait for itself."""

    def nesting(kind: type[Lines]) -> Callable[[], str]:
        class Nesting(kind):  # type: ignore[valid-type, misc]  # a class of the table
            async def nest(self) -> str:
                response: str = face.ask("echo inner")
                return response

        face: Any = SyncServiceWrapper(
            Nesting(server.port), runner=dict(RUNNERS.values())[kind](), name="lines"
        )
        return face.nest  # type: ignore[no-any-return]  # a method of the face

    assert nesting(BlockingLines)() == "inner"
    with pytest.raises(ReentrantCallError, match=r"lines\.ask was called from the event"):
        nesting(LoopLines)()
    assert server.received == ["echo inner"]


def test_32_threads_and_one_client(lines: SyncServiceWrapper[Lines], server: LineServer) -> None:
    texts = [f"text {number}" for number in range(320)]
    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(lambda text: lines.ask(f"echo {text}"), texts)) == texts
    assert len(server.received) == 320


def test_8_threads_each_in_their_own_context(lines: SyncServiceWrapper[Lines]) -> None:
    def call(number: int) -> str:
        VARIABLE.set(f"thread {number}")
        response: str = lines.tell("x")
        assert VARIABLE.get() == f"thread {number}+x"
        return response

    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda number: in_fresh_context(lambda: call(number)), range(80)))
    assert responses == [f"thread {number}" for number in range(80)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_fork(lines: SyncServiceWrapper[Lines]) -> None:
    assert lines.ask("echo before") == "before"
    assert in_child(lambda: lines.ask("echo child")) == "'child'"
    assert lines.ask("echo after") == "after"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_a_forked_child_ends_as_any_other_process(script: Callable[[str], str]) -> None:
    done = run(
        script("""
        def tell(text):
            os.write(1, f"{text}\\n".encode())

        tell(lines.ask("echo parent"))
        import warnings
        warnings.simplefilter("ignore")
        # Its thread is not there in the child, which would wait for it at its end.
        faulthandler.cancel_dump_traceback_later()
        child = os.fork()
        tell(f"{lines.ask('echo after')} {child == 0}")
        if child:
            os.waitpid(child, 0)
            tell(lines.ask("echo last"))
        """)
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == ["after False", "after True", "last", "parent"]


def test_exit_without_close(script: Callable[[str], str]) -> None:
    """Neither an open iterator nor a call that a daemon thread waits for gets in the way."""
    done = run(
        script("""
        items = lines.count(3)
        print(next(items), lines.ask("echo done"))
        threading.Thread(target=lines.ask, args=["wait"], daemon=True).start()
        """)
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 done\n", "")


def test_a_generator_closed_early_runs_its_finally(
    lines: SyncServiceWrapper[Lines], server: LineServer
) -> None:
    with closing(lines.count(3)) as items:
        assert next(items) == "0"
        server.until(open_=1)
    server.until(open_=0)
    for item in lines.count(3):
        assert item == "0"
        break
    gc.collect()
    server.until(open_=0)
    assert list(lines.count(3)) == ["0", "1", "2"]


def test_with_across_a_task_group(lines: SyncServiceWrapper[Lines], server: LineServer) -> None:
    """Enter and exit are in one task, which a task group insists on."""
    with lines.together("a", "b") as entered:
        assert entered is lines
    assert lines.log[-2:] == ["a", "b"]
    assert sorted(server.received) == ["echo a", "echo b"]


def test_generator_context_variables(lines: SyncServiceWrapper[Lines]) -> None:
    """As in plain code: what one side sets, the other sees, and a token fits in every step."""

    def read() -> list[str]:
        seen = []
        for _ in lines.count(2):
            seen.append(VARIABLE.get())
            VARIABLE.set(f"body {len(seen)}")
        return [*seen, VARIABLE.get()]

    assert in_fresh_context(read) == ["generator", "body 1", "unset"]
    assert lines.log == ["body 1", "body 2"]


def test_a_nested_object(lines: SyncServiceWrapper[Lines]) -> None:
    deep = lines.deep()
    assert isinstance(deep, SyncServiceWrapper)
    assert type(unwrap(deep)) is type(unwrap(lines))
    assert deep.ask("echo deeper") == "deeper"
    assert deep.deep() is not deep


def test_an_exception_shows_no_more_than_three_library_frames(
    lines: SyncServiceWrapper[Lines],
) -> None:
    with pytest.raises(LookupError) as caught:
        lines.fail("missing")
    frames = traceback.extract_tb(caught.value.__traceback__)
    own = [frame for frame in frames if "/pywats/" in frame.filename]
    assert 0 < len(own) <= 3
    assert [frame.name for frame in frames if frame not in own] == [
        "test_an_exception_shows_no_more_than_three_library_frames",
        "fail",
        "_refuse",
    ]


def test_an_interrupted_wait_is_reported_where_the_user_called(
    lines: SyncServiceWrapper[Lines],
) -> None:
    items = lines.count(1)
    assert next(items) == "0"
    with pytest.raises(KeyError) as caught:
        items.throw(KeyError("thrown in"))
    own = [
        frame
        for frame in traceback.extract_tb(caught.value.__traceback__)
        if "/pywats/" in frame.filename
    ]
    assert len(own) <= 3


def test_every_face_is_one_and_the_same(lines: SyncServiceWrapper[Lines]) -> None:
    assert isinstance(lines, SyncFace)
