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
import time
import types
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import StopReason, WATSClosedError, WATSTimeoutError
from pywats.sync import PortalRunner, ReentrantCallError, background, in_thread, step
from pywats.sync.background import BackgroundLoop, LoopKeeper
from pywats.sync.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.tracing import Spans

SOON = SyncConfig(timeout=0.1)


class Worker:
    """Does whatever a test wants to see done in a loop."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.release = threading.Event()

    async def thread(self) -> int:
        return threading.get_ident()

    async def wait(self) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            self.log.append("ended")

    async def wait_for(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "waited"

    async def block(self) -> None:
        """Block the loop, as a coroutine must not."""
        self.log.append("blocking")
        self.release.wait(20)

    async def ignore(self) -> str:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.sleep(60)
        return "finished all the same"

    async def translate(self) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise OSError("disconnected") from None

    async def cancel_itself(self) -> None:
        raise asyncio.CancelledError

    async def break_the_loop(self) -> None:
        asyncio.get_running_loop().call_soon(sys.exit)
        await asyncio.sleep(60)

    def plain(self) -> int:
        return threading.get_ident()


@pytest.fixture
def own() -> Iterator[PortalRunner]:
    with PortalRunner(own_loop=True) as runner:
        yield runner


def threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name == "pywats-portal"}


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


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
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - our own script
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
    with pytest.raises(WATSClosedError, match="the PortalRunner is closed: make a new one"):
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


def test_an_attempt_is_cancelled_at_its_limit(spans: Spans) -> None:
    worker = Worker()
    retry = RetryConfig(max_retries=1, max_backoff=0.001)
    config = SyncConfig(timeout=0.1, retry_enabled=True, retry=retry)
    started = time.monotonic()
    with pytest.raises(WATSTimeoutError) as caught:
        SyncServiceWrapper(worker, config).wait()
    assert 0.2 <= time.monotonic() - started < 2
    assert worker.log == ["ended", "ended"]
    error = caught.value
    assert error.message == (
        "pywats.worker.wait: not done within the timeout of an attempt, 0.1 s (it was cancelled)"
    )
    assert (error.limit, error.scope, error.may_have_been_executed) == (0.1, "attempt", True)
    assert isinstance(error.__cause__, asyncio.CancelledError)
    assert [event.name for event in spans.named("pywats.worker.wait").events] == [
        *("timeout", "retry", "timeout", "retry_given_up", "exception"),
    ]


def test_the_deadline_limits_the_call() -> None:
    config = SyncConfig(timeout=None, deadline=0.1, retry_enabled=True)
    with pytest.raises(WATSTimeoutError, match=r"the deadline of the call, 0\.1 s") as caught:
        SyncServiceWrapper(Worker(), config).wait()
    assert (caught.value.scope, caught.value.stop_reason) == ("deadline", StopReason.DEADLINE)


def test_work_within_its_limit_is_not_disturbed() -> None:
    assert SyncServiceWrapper(Worker(), SOON).wait_for(0.01) == "waited"
    assert SyncServiceWrapper(Worker(), SyncConfig(timeout=None)).wait_for(0) == "waited"


def test_what_the_work_makes_of_its_cancellation() -> None:
    wrapper = SyncServiceWrapper(Worker(), SOON)
    assert wrapper.ignore() == "finished all the same"
    with pytest.raises(WATSTimeoutError) as caught:
        wrapper.translate()
    assert isinstance(caught.value.__cause__, OSError)
    with pytest.raises(asyncio.CancelledError):
        wrapper.cancel_itself()


def test_who_blocks_the_loop_neither_holds_up_the_others_nor_is_run_again(
    own: PortalRunner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(step, "CLEAN_UP_WITHIN", 0.05)
    worker = Worker()
    config = SyncConfig(timeout=0.2, retry_enabled=True)
    blocking = SyncServiceWrapper(worker, config, runner=own)
    with pytest.raises(WATSTimeoutError, match="it does not heed its cancellation") as caught:
        blocking.block()
    assert caught.value.may_have_been_executed
    assert caught.value.stop_reason is StopReason.UNSAFE_TO_REPEAT
    assert caplog.messages[0] == (
        "pywats.worker.block goes on although it was cancelled; nobody waits for it"
    )
    other = SyncServiceWrapper(worker, SOON, runner=own)
    with pytest.raises(WATSTimeoutError, match="the event loop is blocked") as caught:
        other.wait()
    assert not caught.value.may_have_been_executed
    worker.release.set()
    assert SyncServiceWrapper(worker, runner=own).wait_for(0) == "waited"
    assert worker.log == ["blocking"]


def test_work_whose_limit_runs_out_before_it_begins_is_not_begun(own: PortalRunner) -> None:
    worker = Worker()
    own.portal.start_task_soon(time.sleep, 0.2)
    with pytest.raises(WATSTimeoutError, match="it was not begun") as caught:
        SyncServiceWrapper(worker, SOON, runner=own).wait()
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
            own.call("blocking", lambda: worker.release.wait(20))

        async def nested(self) -> None:
            await in_thread(self.work)()

    with pytest.raises(WATSTimeoutError):
        SyncServiceWrapper(Outer(), SyncConfig(timeout=0.2)).nested()
    worker.release.set()
    assert wrapper.wait_for(0) == "waited"


def interrupt_after(*seconds: float) -> None:
    def interrupt() -> None:
        started = time.monotonic()
        for each in seconds:
            time.sleep(max(0, started + each - time.monotonic()))
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()


@pytest.fixture
def _sigint() -> Iterator[None]:
    # A test run in the background hands SIGINT down as ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Cleaning(Worker):
    """Needs a while to clean up."""

    async def wait(self) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.1)
            self.log.append("clean")

    async def refuse(self) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise OSError("cannot say goodbye")

    async def cling(self) -> None:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.sleep(60)
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
        interrupt_after(0.1)
        with pytest.raises(KeyboardInterrupt):
            SyncServiceWrapper(worker).wait()
        assert worker.log == ["clean"]
        span = spans.named("pywats.cleaning.wait")
        assert dict(span.attributes or {}) == {"error.type": "KeyboardInterrupt"}

    def test_an_error_on_the_way_is_its_context(self) -> None:
        interrupt_after(0.1)
        with pytest.raises(KeyboardInterrupt) as caught:
            SyncServiceWrapper(Cleaning()).refuse()
        assert repr(caught.value.__context__) == "OSError('cannot say goodbye')"

    def test_a_second_one_does_not_wait(self) -> None:
        worker = Cleaning()
        interrupt_after(0.1, 0.3)
        with pytest.raises(KeyboardInterrupt):
            SyncServiceWrapper(worker).cling()
        assert worker.log == []
        worker.release.set()
        eventually(lambda: worker.log == ["let go"])

    def test_the_loop_serves_others_meanwhile(self) -> None:
        wrapper = SyncServiceWrapper(Cleaning())
        answers: list[str] = []
        other = threading.Thread(target=lambda: answers.append(wrapper.wait_for(0.3)))
        other.start()
        interrupt_after(0.1)
        with pytest.raises(KeyboardInterrupt):
            wrapper.wait()
        other.join()
        assert answers == ["waited"]


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
        with pytest.raises(WATSClosedError) as caught:
            wrapper.wait()
        errors.append(caught.value)

    caller = threading.Thread(target=call)
    caller.start()
    eventually(lambda: len(loop._tasks) == 1)
    own.close()
    caller.join()
    assert str(errors[0]).startswith(
        "pywats.worker.wait: the background event loop was stopped before it was done"
    )
    for hand_over, when in (
        (lambda: loop.spawn(int, contextvars.Context()), "began"),  # type: ignore[arg-type]  # never called
        (lambda: True, "was done"),
    ):
        with pytest.raises(WATSClosedError, match=f"was stopped before it {when}"):
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
    with pytest.raises(WATSClosedError, match="was stopped before it was done"):
        wrapper.break_the_loop()
    eventually(lambda: caplog.messages == ["the background event loop has ended: SystemExit()"])
    assert wrapper.wait_for(0) == "waited"
    assert own._keeper.loop() is not first


def test_a_loop_can_be_stopped_from_within(own: PortalRunner) -> None:
    class Stopping:
        async def stop(self) -> None:
            own.close()
            await asyncio.sleep(60)

    with pytest.raises(WATSClosedError, match="was stopped before it was done"):
        SyncServiceWrapper(Stopping(), runner=own).stop()


def test_a_loop_that_is_blocked_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "STOP_WITHIN", 0.05)
    runner, worker = PortalRunner(own_loop=True), Worker()

    def call() -> None:
        with pytest.raises(WATSClosedError):
            SyncServiceWrapper(worker, runner=runner).wait()

    caller = threading.Thread(target=call)
    runner.portal.start_task_soon(worker.block)
    eventually(lambda: worker.log == ["blocking"])
    caller.start()
    runner.close()
    assert caplog.messages == [
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
    keeper = LoopKeeper()
    found: list[BackgroundLoop] = []
    with keeper._lock:
        waiting = [threading.Thread(target=lambda: found.append(keeper.loop())) for _ in range(2)]
        for each in waiting:
            each.start()
        time.sleep(0.02)  # until both have seen that there is none
    for each in waiting:
        each.join()
    assert found[0] is found[1]
    keeper.close()


@pytest.mark.parametrize("ready", [True, False, None])
def test_ctrl_c_while_the_loop_starts_leaves_no_thread(
    monkeypatch: pytest.MonkeyPatch, *, ready: bool | None
) -> None:
    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if ready:
                super().wait(timeout)
            raise KeyboardInterrupt

    before = threads()
    with monkeypatch.context() as patch:
        # Either in the wait for the loop, before or after it is ready, or in that for its thread.
        patched = threading if ready is None else types.SimpleNamespace(**vars(threading))
        patch.setattr(patched, "Event", Interrupted)
        patch.setattr(background, "threading", patched)
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
        with pytest.raises(ReentrantCallError, match=r"pywats\.worker\.thread was called from"):
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
