"""The portal runner: its loop, limits, interruptions, and what becomes of callers when it ends."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import signal
import subprocess
import sys
import textwrap
import threading
import types
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import CallClosedError, CallTimeoutError, StopReason
from pywats.runtime.bell import Bell
from pywats.sync import PortalRunner, ReentrantCallError, in_thread
from pywats.sync.runners import background_loop as background
from pywats.sync.runners import step
from pywats.sync.runners.background_loop import BackgroundLoop, LoopKeeper
from pywats.sync.runners.step import Step
from tests.skipped_time import LIMIT, SkippedTime
from tests.untraced import untraced
from tests.waiting import HANGS, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.tracing import Spans

LIMITED = SyncConfig(timeout=LIMIT)
# Run out before a loop has begun anything.
NO_TIME = SyncConfig(timeout=1e-6)


class Worker:
    """Does whatever a test wants to see done in a loop.

    Args:
        begun: Called in the loop when work that waits has begun.
    """

    def __init__(self, begun: Callable[[], None] = lambda: None) -> None:
        self.log: list[str] = []
        self.release = threading.Event()
        self.begun = begun

    async def thread(self) -> int:
        return threading.get_ident()

    async def wait(self) -> None:
        try:
            self.begun()
            await asyncio.sleep(3600)
        finally:
            self.log.append("ended")

    async def wait_for(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "waited"

    async def block(self) -> None:
        """Block the loop, as a coroutine must not."""
        self.log.append("blocking")
        self.begun()
        self.release.wait(HANGS)

    async def ignore(self) -> str:
        self.begun()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.sleep(3600)
        return "finished all the same"

    async def translate(self) -> None:
        self.begun()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            raise OSError("disconnected") from None

    async def cancel_itself(self) -> None:
        raise asyncio.CancelledError

    async def break_the_loop(self) -> None:
        asyncio.get_running_loop().call_soon(sys.exit)
        await asyncio.sleep(3600)

    def plain(self) -> int:
        return threading.get_ident()


@pytest.fixture
def own() -> Iterator[PortalRunner]:
    with PortalRunner(own_loop=True) as runner:
        yield runner


def threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name == "pywats-portal"}


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the engine has logged."""
    return [each.getMessage() for each in caplog.records if each.name == "pywats.sync"]


def test_a_loop_that_looks_names_up_by_itself_is_left_alone() -> None:
    """As uvloop does."""
    loop: Any = types.SimpleNamespace()
    background._have_forks_wait_for_look_ups(loop)
    assert vars(loop) == {}


def test_anyio_is_imported_when_a_portal_is_used_and_not_before() -> None:
    script = textwrap.dedent(
        """
        import asyncio, importlib.util, sys, types

        # Of the engine alone: the HTTP client that the package has besides brings anyio along.
        pywats = types.ModuleType("pywats")
        pywats.__path__ = importlib.util.find_spec("pywats").submodule_search_locations
        sys.modules["pywats"] = pywats
        from pywats.sync import DirectRunner, PortalRunner, SyncServiceWrapper

        class Worker:
            async def work(self):
                return 1

            async def wait(self):
                await asyncio.sleep(0)
                return 2

        assert SyncServiceWrapper(Worker(), runner=DirectRunner()).work() == 1
        wrapper = SyncServiceWrapper(Worker())
        assert "anyio" not in sys.modules
        assert wrapper.wait() == 2
        assert "anyio" in sys.modules
        """
    )
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)  # noqa: S603 - our own script
    assert done.returncode == 0, done.stderr


def test_all_wrappers_share_one_loop_that_starts_with_the_first_call(own: PortalRunner) -> None:
    first, second = SyncServiceWrapper(Worker()), SyncServiceWrapper(Worker())
    assert first.thread() == second.thread()
    before = threads()
    separate = SyncServiceWrapper(Worker(), runner=own)
    assert threads() <= before
    assert separate.thread() != first.thread()
    assert len(threads() - before) == 1


def test_a_loop_of_ones_own_ends_with_its_runner() -> None:
    shared = SyncServiceWrapper(Worker()).thread()
    before = threads()
    runner = PortalRunner(own_loop=True)
    with runner:
        wrapper = SyncServiceWrapper(Worker(), runner=runner)
        wrapper.thread()
        assert len(threads() - before) == 1
    assert threads() <= before
    with pytest.raises(CallClosedError, match="the PortalRunner is closed: make a new one"):
        wrapper.thread()
    runner.close()
    forgotten = PortalRunner(own_loop=True)
    forgotten.portal.call(int)
    assert len(threads() - before) == 1
    del forgotten
    assert threads() <= before
    PortalRunner().close()
    assert SyncServiceWrapper(Worker()).thread() == shared


def test_plain_functions_run_on_the_thread_of_the_loop(own: PortalRunner) -> None:
    wrapper = SyncServiceWrapper(Worker(), runner=own)
    assert wrapper.plain() == wrapper.thread() != threading.get_ident()
    assert own.portal.call(wrapper.plain) == wrapper.thread()


def test_an_attempt_is_cancelled_at_its_limit(spans: Spans, skipped_time: SkippedTime) -> None:
    worker = Worker(skipped_time.skip)
    retry = RetryConfig(max_retries=1, max_backoff=0.001)
    config = SyncConfig(timeout=LIMIT, retry_enabled=True, retry=retry)
    with pytest.raises(CallTimeoutError) as caught:
        SyncServiceWrapper(worker, config, repeatable={"wait"}).wait()
    assert worker.log == ["ended", "ended"]
    error = caught.value
    assert error.message == (
        "worker.wait: not done within the 60 s timeout of this attempt (it was cancelled)"
    )
    assert (error.limit, error.scope, error.may_have_been_executed) == (LIMIT, "attempt", True)
    assert isinstance(error.__cause__, asyncio.CancelledError)
    assert [event.name for event in spans.named("worker.wait").events] == [
        *("timeout", "retry", "timeout", "retry_given_up", "exception"),
    ]


def test_the_deadline_limits_the_call() -> None:
    config = SyncConfig(timeout=None, deadline=0.1, retry_enabled=True)
    with pytest.raises(CallTimeoutError, match=r"the 0\.1 s deadline of this call") as caught:
        SyncServiceWrapper(Worker(), config).wait()
    assert (caught.value.scope, caught.value.stop_reason) == ("deadline", StopReason.DEADLINE)


def test_work_within_its_limit_is_not_disturbed() -> None:
    assert SyncServiceWrapper(Worker(), LIMITED).wait_for(0.01) == "waited"
    assert SyncServiceWrapper(Worker(), SyncConfig(timeout=None)).wait_for(0) == "waited"


def test_what_the_work_makes_of_its_cancellation(skipped_time: SkippedTime) -> None:
    wrapper = SyncServiceWrapper(Worker(skipped_time.skip), LIMITED)
    assert wrapper.ignore() == "finished all the same"
    with pytest.raises(CallTimeoutError) as caught:
        wrapper.translate()
    assert isinstance(caught.value.__cause__, OSError)
    with pytest.raises(asyncio.CancelledError):
        wrapper.cancel_itself()


def test_who_blocks_the_loop_neither_holds_up_the_others_nor_is_run_again(
    own: PortalRunner,
    skipped_time: SkippedTime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(step, "CLEAN_UP_WITHIN", 0.05)
    worker = Worker(skipped_time.skip)
    config = SyncConfig(timeout=LIMIT, retry_enabled=True)
    blocking = SyncServiceWrapper(worker, config, runner=own)
    with pytest.raises(CallTimeoutError, match="the coroutine ignored its cancellation") as caught:
        blocking.block()
    assert caught.value.may_have_been_executed
    assert caught.value.stop_reason is StopReason.UNSAFE_TO_REPEAT
    assert told(caplog)[0] == (
        "worker.block goes on although it was cancelled; nobody waits for it"
    )
    other = SyncServiceWrapper(worker, NO_TIME, runner=own)
    with pytest.raises(CallTimeoutError, match="the event loop is blocked") as caught:
        other.wait()
    assert not caught.value.may_have_been_executed
    worker.release.set()
    assert SyncServiceWrapper(worker, runner=own).wait_for(0) == "waited"
    assert worker.log == ["blocking"]


def test_work_whose_limit_runs_out_before_it_begins_is_not_begun(own: PortalRunner) -> None:
    worker = Worker()
    with pytest.raises(CallTimeoutError, match="it was not begun") as caught:
        SyncServiceWrapper(worker, NO_TIME, runner=own).wait()
    assert not caught.value.may_have_been_executed
    assert worker.log == []


def test_work_outside_of_a_call_that_is_overdue_is_left_too(
    own: PortalRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain function has the limit of the call that it is part of."""
    monkeypatch.setattr(step, "CLEAN_UP_WITHIN", 0.05)
    worker = Worker()
    wrapper = SyncServiceWrapper(worker, runner=own)

    class Outer:
        def work(self) -> None:
            own.run_plain("blocking", lambda: worker.release.wait(HANGS))

        async def nested(self) -> None:
            await in_thread(self.work)()

    with pytest.raises(CallTimeoutError):
        SyncServiceWrapper(Outer(), SyncConfig(timeout=0.2)).nested()
    worker.release.set()
    assert wrapper.wait_for(0) == "waited"


def interrupt() -> None:
    """Send the main thread a Ctrl-C."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


@pytest.fixture
def _sigint() -> Iterator[None]:
    # A test run in the background hands SIGINT down as ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Cleaning(Worker):
    """Is interrupted when it has begun, and needs a while to clean up."""

    def __init__(self) -> None:
        super().__init__(interrupt)

    async def wait(self) -> None:
        try:
            self.begun()
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.1)
            self.log.append("clean")

    async def refuse(self) -> None:
        try:
            self.begun()
            await asyncio.sleep(3600)
        finally:
            raise OSError("cannot say goodbye")

    async def cling(self) -> None:
        self.begun()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.sleep(3600)
        self.begun()
        while not self.release.is_set():  # noqa: ASYNC110 - the event is one of threads
            await asyncio.sleep(0.01)
        self.log.append("let go")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent as on POSIX")
@pytest.mark.usefixtures("_sigint")
class TestCtrlC:
    def test_it_waits_for_the_end_of_the_work(
        self, spans: Spans, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(step, "_LOOK_EVERY", 0.02)
        worker = Cleaning()
        with pytest.raises(KeyboardInterrupt):
            SyncServiceWrapper(worker).wait()
        assert worker.log == ["clean"]
        span = spans.named("cleaning.wait")
        assert (dict(span.attributes or {}), span.status.is_unset) == ({}, True)
        assert [event.name for event in span.events] == ["interrupted"]

    def test_an_error_on_the_way_is_its_context(self) -> None:
        with pytest.raises(KeyboardInterrupt) as caught:
            SyncServiceWrapper(Cleaning()).refuse()
        assert repr(caught.value.__context__) == "OSError('cannot say goodbye')"

    def test_a_second_one_does_not_wait(self) -> None:
        worker = Cleaning()
        with pytest.raises(KeyboardInterrupt):
            SyncServiceWrapper(worker).cling()
        assert worker.log == []
        worker.release.set()
        eventually(lambda: worker.log == ["let go"])

    def test_the_loop_serves_others_meanwhile(self) -> None:
        class Shared(Cleaning):
            async def wait_for_release(self) -> str:
                self.log.append("waits")
                while not self.release.is_set():  # noqa: ASYNC110 - the event is one of threads
                    await asyncio.sleep(0.01)
                return "waited"

        worker = Shared()
        wrapper = SyncServiceWrapper(worker)
        responses: list[str] = []
        other = threading.Thread(target=lambda: responses.append(wrapper.wait_for_release()))
        other.start()
        eventually(lambda: worker.log == ["waits"])
        with pytest.raises(KeyboardInterrupt):
            wrapper.wait()
        assert (worker.log, responses) == (["waits", "clean"], [])
        worker.release.set()
        other.join()
        assert responses == ["waited"]


def test_work_that_was_revoked_before_it_began_never_begins(own: PortalRunner) -> None:
    own.portal.call(int)
    loop = own._keeper.loop()
    worker = Worker()
    late: Step[None] = Step("late", worker.wait, None)

    def interrupted() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        late.run(loop, interrupted)
    own.portal.call(late.perform)
    assert worker.log == []


def test_callers_of_a_loop_that_ends_are_told(own: PortalRunner) -> None:
    loop = own._keeper.loop()
    wrapper = SyncServiceWrapper(Worker(), runner=own)
    errors: list[BaseException] = []

    def call() -> None:
        with pytest.raises(CallClosedError) as caught:
            wrapper.wait()
        errors.append(caught.value)

    caller = threading.Thread(target=call)
    caller.start()
    eventually(lambda: len(loop._tasks) == 1)
    own.close()
    caller.join()
    assert str(errors[0]).startswith(
        "worker.wait: the background event loop was stopped before it was done"
    )
    for hand_over, when in (
        (lambda: loop.spawn(int, contextvars.Context()), "began"),  # type: ignore[arg-type]  # never called
        (lambda: True, "was done"),
    ):
        with pytest.raises(CallClosedError, match=f"was stopped before it {when}"):
            Step("late", Worker().thread, None).run(loop, hand_over)


def test_a_daemon_thread_whose_loop_ends_with_the_process_is_held_still() -> None:
    """Threads of Python hold still at the end of the process, and print no tracebacks."""
    own = PortalRunner(own_loop=True)
    loop = own._keeper.loop()
    caller = threading.Thread(target=SyncServiceWrapper(Worker(), runner=own).wait, daemon=True)
    caller.start()
    eventually(lambda: len(loop._tasks) == 1)
    own._keeper.stop(at_exit=True)
    caller.join(0.1)
    assert caller.is_alive()
    own.close()


def test_a_loop_that_something_breaks_is_replaced(
    own: PortalRunner, caplog: pytest.LogCaptureFixture
) -> None:
    wrapper = SyncServiceWrapper(Worker(), runner=own)
    first = own._keeper.loop()
    with pytest.raises(CallClosedError, match="was stopped before it was done"):
        wrapper.break_the_loop()
    eventually(lambda: told(caplog) == ["the background event loop has ended: SystemExit()"])
    assert wrapper.wait_for(0) == "waited"
    assert own._keeper.loop() is not first


def test_a_loop_can_be_stopped_from_within(own: PortalRunner) -> None:
    class Stopping:
        async def stop(self) -> None:
            own.close()
            await asyncio.sleep(3600)

    with pytest.raises(CallClosedError, match="was stopped before it was done"):
        SyncServiceWrapper(Stopping(), runner=own).stop()


def test_a_loop_that_is_blocked_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "STOP_WITHIN", 0.05)
    runner, worker = PortalRunner(own_loop=True), Worker()

    def call() -> None:
        with pytest.raises(CallClosedError):
            SyncServiceWrapper(worker, runner=runner).wait()

    caller = threading.Thread(target=call)
    runner.portal.start_task_soon(worker.block)
    eventually(lambda: worker.log == ["blocking"])
    caller.start()
    runner.close()
    assert told(caplog) == [
        "the background event loop has not ended within 0.05 s of being stopped: something "
        "blocks it"
    ]
    worker.release.set()
    caller.join()


def test_a_loop_is_asked_in_vain_between_its_end_and_that_of_its_thread(
    own: PortalRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, closed = own._keeper.loop(), asyncio.new_event_loop()
    closed.close()
    with monkeypatch.context() as patch:
        patch.setattr(loop, "_loop", closed)
        assert not loop.call_soon(int)
    PortalRunner(own_loop=True).close()


def test_a_loop_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("too many open files")

    keeper = LoopKeeper()
    with monkeypatch.context() as patch:
        patch.setattr(anyio, "run", fail)
        with pytest.raises(RuntimeError, match="the background event loop did not") as caught:
            keeper.loop()
    assert repr(caught.value.__cause__) == "OSError('too many open files')"
    assert keeper.loop().alive
    keeper.close()


def test_threads_that_need_the_first_loop_at_the_same_time_get_the_same_one() -> None:
    class Counted:
        """A lock that counts who asked for it."""

        def __init__(self) -> None:
            self.asked = 0
            self._lock = threading.Lock()

        def __enter__(self) -> None:
            self.asked += 1
            self._lock.acquire()

        def __exit__(self, *_: object) -> None:
            self._lock.release()

    keeper = LoopKeeper()
    lock = Counted()
    keeper._lock = lock  # type: ignore[assignment]  # all that a keeper uses of it
    found: list[BackgroundLoop] = []
    with lock:
        waiting = [threading.Thread(target=lambda: found.append(keeper.loop())) for _ in range(2)]
        for each in waiting:
            each.start()
        eventually(lambda: lock.asked == 3)
    for each in waiting:
        each.join()
    assert found[0] is found[1]
    keeper.close()


@pytest.mark.parametrize("ready", [True, False, None])
def test_ctrl_c_while_the_loop_starts_leaves_no_thread(
    monkeypatch: pytest.MonkeyPatch, *, ready: bool | None
) -> None:
    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - its name is fixed
            raise KeyboardInterrupt

    class Ringing(Bell):
        def wait(self, left: Callable[[], float | None]) -> None:
            if ready:
                super().wait(left)
            raise KeyboardInterrupt

    before = threads()
    with monkeypatch.context() as patch:
        # Either in the wait for the loop, before or after it is ready, or in that for its thread.
        if ready is None:
            patch.setattr(threading, "Event", Interrupted)
        else:
            patch.setattr(background, "Bell", Ringing)
        with pytest.raises(KeyboardInterrupt):
            BackgroundLoop()
    # Threads of other tests may end meanwhile.
    eventually(lambda: threads() <= before)


@pytest.mark.filterwarnings("ignore::pywats.sync.SyncInLoopWarning")
def test_a_call_from_a_loop_that_another_one_waits_for_is_refused() -> None:
    with PortalRunner(own_loop=True) as first, PortalRunner(own_loop=True) as second:

        class Back(Worker):
            async def back(self) -> int:
                return SyncServiceWrapper(Worker(), runner=first).thread()  # type: ignore[no-any-return]  # what thread() returns

        class There(Worker):
            async def there(self) -> int:
                return SyncServiceWrapper(Back(), runner=second).thread()  # type: ignore[no-any-return]  # what thread() returns

            async def and_back(self) -> int:
                return SyncServiceWrapper(Back(), runner=second).back()  # type: ignore[no-any-return]  # what back() returns

        there = SyncServiceWrapper(There(), runner=first)
        assert there.there() != there.thread()
        with pytest.raises(ReentrantCallError, match=r"worker\.thread was called from"):
            there.and_back()


def test_a_callback_in_a_thread_may_use_the_wrapper() -> None:
    class Calling(Worker):
        async def call(self, callback: Callable[[str], Any]) -> Any:
            return await callback("argument")

    wrapper = SyncServiceWrapper(Calling())
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")

    def callback(text: str) -> tuple[str, str, str]:
        """Tell."""
        return text, variable.get(), wrapper.wait_for(0)

    def run() -> None:
        variable.set("of the caller")
        assert wrapper.call(in_thread(callback)) == ("argument", "of the caller", "waited")

    contextvars.copy_context().run(run)
    assert in_thread(callback).__doc__ == "Tell."


@pytest.mark.parametrize("there", [True, False])
def test_sniffio_says_asyncio_whatever_the_caller_is_in(
    monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    library: contextvars.ContextVar[str] = contextvars.ContextVar("library", default="none")
    sniffio = types.SimpleNamespace(current_async_library_cvar=library)
    monkeypatch.setitem(sys.modules, "sniffio", sniffio if there else None)

    class Asking:
        async def ask(self) -> str:
            return library.get()

    def run() -> None:
        library.set("trio")
        assert SyncServiceWrapper(Asking()).ask() == ("asyncio" if there else "trio")
        assert library.get() == "trio"

    contextvars.copy_context().run(run)


def test_the_log_and_the_span_know_the_call_inside_the_loop(
    spans: Spans, log_lines: list[str]
) -> None:
    class Logging:
        async def work(self) -> None:
            await asyncio.sleep(0)
            logging.getLogger("inside").info("working")

    SyncServiceWrapper(Logging()).work()
    (trace_id,) = spans.trace_ids()
    assert log_lines == [f"{trace_id} {trace_id} inside INFO working"]


@pytest.mark.parametrize(("name", "result"), [("finalizing", True), ("start_thread", False)])
def test_no_loop_starts_while_the_process_exits(
    name: str, monkeypatch: pytest.MonkeyPatch, *, result: bool
) -> None:
    keeper = LoopKeeper()
    with monkeypatch.context() as patch:
        patch.setattr(background, name, lambda *_: result)
        with pytest.raises(CallClosedError, match="the process is exiting"):
            keeper.loop()
        # In a daemon thread, later: the process is gone by then, unless somebody waits for it.
        patch.setattr(background, "_UNTIL_EXIT", 0.01)
        errors: list[BaseException] = []

        def begin() -> None:
            try:
                keeper.loop()
            except CallClosedError as error:
                errors.append(error)

        thread = threading.Thread(target=begin, daemon=True)
        thread.start()
        thread.join(HANGS)
        assert len(errors) == 1
    assert keeper.loop().alive
    keeper.close()


def test_a_call_that_a_daemon_thread_begins_while_the_process_exits_prints_nothing() -> None:
    program = """
import atexit, threading, time
begin = threading.Event()
def late():
    begin.set()
    time.sleep(0.3)
atexit.register(late)  # runs after what pywats registers
from pywats import SyncServiceWrapper
class Remote:
    async def work(self):
        return "done"
wrapper = SyncServiceWrapper(Remote())
def call():
    begin.wait()
    wrapper.work()
threading.Thread(target=call, daemon=True).start()
print(wrapper.work())
"""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
        env=untraced(),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
