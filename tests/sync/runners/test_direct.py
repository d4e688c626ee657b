"""Coroutines on the caller's thread: what asks for an event loop, and what only for a thread."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import httpx
import pytest
import sniffio

from pywats import DirectTransport, SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError
from pywats.runtime.inline_loop import InlineLoop
from pywats.runtime.inline_task import NeedsEventLoopError
from pywats.sync import DirectRunner, PortalRunner, SuspendedError, SyncInLoopWarning
from tests.faults import timing
from tests.http.raw_server import RawServer, saying
from tests.skipped_time import LIMIT, SkippedTime
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

VARIABLE: ContextVar[str] = ContextVar("variable", default="unset")
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
runner = DirectRunner()


def state() -> tuple[object, object]:
    """Return the running event loop of this thread and its current task."""
    loop = asyncio._get_running_loop()
    return loop, None if loop is None else asyncio.current_task(loop)


async def three() -> int:
    return 3


def test_a_function_for_a_thread_runs_on_this_one_in_a_copy_of_the_context() -> None:
    def function(word: str) -> tuple[str, int]:
        seen = VARIABLE.get()
        VARIABLE.set(word)
        return seen, threading.get_ident()

    async def ask() -> object:
        VARIABLE.set("outer")
        first = await asyncio.to_thread(function, "inner")
        second = await asyncio.get_running_loop().run_in_executor(None, function, "inner")
        return first, second, VARIABLE.get()

    here = threading.get_ident()
    threads = threading.active_count()
    assert runner.run("ask", ask) == (("outer", here), ("outer", here), "outer")
    assert threading.active_count() == threads
    assert VARIABLE.get() == "outer"
    assert state() == (None, None)


def test_an_executor_of_the_services_own_runs_its_functions() -> None:
    async def ask(executor: ThreadPoolExecutor) -> int:
        return await asyncio.get_running_loop().run_in_executor(executor, threading.get_ident)

    with ThreadPoolExecutor(1) as executor:
        assert (
            runner.run("ask", lambda: ask(executor))
            == executor.submit(threading.get_ident).result()
        )


def test_no_event_loop_runs_in_a_function_for_a_thread() -> None:
    def function() -> object:
        assert state() == (None, None)
        return asyncio.run(three()), runner.run("three", three), PortalRunner().run("three", three)

    async def ask() -> object:
        return await asyncio.to_thread(function)

    async def notebook() -> object:
        return runner.run("ask", ask)

    assert runner.run("ask", ask) == (3, 3, 3)
    assert asyncio.run(notebook()) == (3, 3, 3)


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_what_a_function_for_a_thread_raises_is_raised(error: type[BaseException]) -> None:
    def function() -> None:
        raise error

    with pytest.raises(error) as caught:
        runner.run("ask", lambda: asyncio.to_thread(function))
    assert type(caught.value) is error
    assert state() == (None, None)


async def endless() -> None:
    while VARIABLE.get() != "never":  # noqa: ASYNC110 - what should not be done
        await asyncio.sleep(0)


async def gather() -> None:
    await asyncio.gather(three())


async def group() -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(three())


async def anyio_group() -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(three)


async def future() -> None:
    await asyncio.get_running_loop().create_future()


async def caused() -> None:
    try:
        await asyncio.sleep(1)
    except RuntimeError as error:
        raise ConnectionError("the SDK says") from error


@pytest.mark.parametrize(
    ("asks", "reason"),
    [
        (lambda: asyncio.sleep(1), "it calls loop.create_future()"),
        (endless, "it calls asyncio.sleep(0) again and again"),
        (lambda: anyio.sleep(1), "it calls loop.create_future()"),
        (lambda: anyio.to_thread.run_sync(int), "it calls anyio.to_thread.run_sync()"),
        (gather, "it calls loop.create_task()"),
        (group, "it calls loop.create_task()"),
        (anyio_group, "it calls loop."),
        (future, "it calls loop.create_future()"),
        (caused, "it calls loop.create_future()"),
    ],
)
def test_what_needs_an_event_loop_is_told_the_change_to_make(
    asks: Callable[[], Awaitable[object]], reason: str
) -> None:
    with pytest.raises(SuspendedError) as caught:
        runner.run("scale.weigh", asks)
    text = str(caught.value)
    assert text.startswith(f"scale.weigh suspended ({reason}")
    assert "give the PortalRunner" in text
    assert "CallTransport" in text
    assert state() == (None, None)


@pytest.mark.parametrize("asks", [gather, group, anyio_group])
def test_of_a_task_that_is_refused_no_coroutine_remains(
    asks: Callable[[], Awaitable[object]],
) -> None:
    gc.collect()  # what other tests have left
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with pytest.raises(SuspendedError):
            runner.run("ask", asks)
        gc.collect()
    assert [str(each.message) for each in told] == []


def test_an_error_of_the_services_own_stays_as_it_is() -> None:
    async def fall_back() -> None:
        try:
            await asyncio.sleep(1)
        except RuntimeError:
            raise LookupError("of its own") from None

    with pytest.raises(LookupError, match="of its own"):
        runner.run("fall back", fall_back)


def test_what_finds_its_event_loop_by_sniffing_finds_asyncio() -> None:
    async def sniff() -> str:
        return sniffio.current_async_library()

    assert runner.run("sniff", sniff) == "asyncio"
    with pytest.raises(sniffio.AsyncLibraryNotFoundError):
        sniffio.current_async_library()


def test_a_call_in_a_notebook_leaves_its_loop_and_task_alone() -> None:
    async def look() -> tuple[object, object]:
        return state()

    async def nested() -> tuple[object, object]:
        return runner.run("look", look)

    async def cell() -> None:
        before = state()
        assert before[1] is not None
        for each in (look, nested):
            inside = runner.run("look", each)
            assert inside[0] is not before[0]
            assert inside[1] is not before[1]
            assert state() == before
        with pytest.raises(SuspendedError):
            runner.run("sleep", lambda: asyncio.sleep(1))
        assert state() == before
        await asyncio.sleep(0)

    asyncio.run(cell())


def test_a_call_within_a_call_is_not_in_an_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pywats.sync.engine.loop_warning._turn", threading.Lock())

    class Service:
        async def three(self) -> int:
            return 3

        async def outer(self, number: int) -> int:
            before = state()
            made: int = inner[number].three()
            assert state() == before
            return made

    with warnings.catch_warnings():
        warnings.simplefilter("error", SyncInLoopWarning)
        direct = SyncServiceWrapper(Service(), runner=runner)
        inner: list[Any] = [direct, SyncServiceWrapper(Service())]
        assert [direct.outer(number) for number in range(2)] == [3, 3]


def test_threads_do_not_meet() -> None:
    barrier = threading.Barrier(8)

    async def ask() -> tuple[object, object]:
        before = state()
        await asyncio.to_thread(barrier.wait, HANGS)
        assert state() == before
        return before

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: runner.run("ask", ask), range(8)))
    assert len({id(loop) for loop, _ in seen}) == 8


class Patient:
    """A service with timeouts of its own.

    Args:
        base_url: Address of the server.
        received: Called when a piece of a body has come in.
    """

    def __init__(self, base_url: str, received: Callable[[], None] = lambda: None) -> None:
        transport = DirectTransport()
        self.client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=10 * LIMIT)
        self._received = received

    async def get(self, seconds: float | None) -> bytes:
        async with asyncio.timeout(seconds):
            return (await self.client.get("/")).content

    async def get_by_anyio(self, seconds: float | None) -> bytes:
        with anyio.fail_after(seconds):
            return (await self.client.get("/")).content

    async def move_on(self, seconds: float | None) -> bytes:
        with anyio.move_on_after(seconds):
            return (await self.client.get("/")).content
        return b"moved on"

    async def nested(self, seconds: float | None) -> bytes:
        far = 10 * LIMIT
        async with asyncio.timeout(far), asyncio.timeout(seconds), asyncio.timeout(far):
            return (await self.client.get("/")).content

    async def by_piece(self, seconds: float | None) -> bytes:
        data = b""
        async with self.client.stream("GET", "/") as response:
            try:
                async with asyncio.timeout(seconds):
                    async for piece in response.aiter_raw():
                        data += piece
                        self._received()
            except TimeoutError:
                return data + b" cut off"
        return data


NOTHING = b""
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"


PATIENT = ["get", "get_by_anyio", "move_on", "nested", "by_piece"]


@pytest.mark.parametrize("sent", [NOTHING, HALF])
@pytest.mark.parametrize("method", PATIENT)
def test_a_timeout_of_the_service_itself_holds(
    method: str, sent: bytes, skipped_time: SkippedTime
) -> None:
    def respond(connection: Any, _: bytes) -> None:
        connection.sendall(sent)
        if sent and method == "by_piece":
            received.wait(HANGS)
        skipped_time.skip()
        connection.recv(1)

    received = threading.Event()
    with RawServer(respond) as server:
        made = Patient(server.base_url, received.set)
        patient = SyncServiceWrapper(made, SyncConfig(timeout=10 * LIMIT), runner=runner)
        call: Callable[[float], bytes] = getattr(patient, method)
        # The limit of the call would end it otherwise, with an error of another class.
        if method == "move_on":
            assert call(LIMIT) == b"moved on"
        elif method == "by_piece" and sent:
            assert call(LIMIT) == b"half cut off"
        elif method == "by_piece":
            hasty = SyncServiceWrapper(made, SyncConfig(timeout=LIMIT), runner=runner)
            with pytest.raises(CallTimeoutError):
                hasty.by_piece(10 * LIMIT)
        else:
            with pytest.raises(TimeoutError) as caught:
                call(LIMIT)
            assert type(caught.value) is TimeoutError
        patient.client.aclose()
    assert len(server.heads) == 1
    assert state() == (None, None)


@pytest.mark.parametrize("method", PATIENT)
@pytest.mark.parametrize("seconds", [None, LIMIT])
def test_a_timeout_that_does_not_run_out_changes_nothing(
    method: str, seconds: float | None
) -> None:
    with RawServer(saying(OK)) as server:
        patient = SyncServiceWrapper(Patient(server.base_url), runner=runner)
        assert getattr(patient, method)(seconds) == b"{}"
        patient.client.aclose()
    assert len(server.heads) == 1


def test_the_limit_of_the_call_comes_first_if_it_is_nearer() -> None:
    with RawServer(lambda connection, _: connection.recv(1)) as server:
        patient = SyncServiceWrapper(
            Patient(server.base_url), SyncConfig(timeout=timing.LIMIT), runner=runner
        )
        timing.fails_in_time(lambda: patient.get(20), CallTimeoutError)
        patient.client.aclose()


def test_a_timeout_that_ran_out_before_a_request_prevents_it() -> None:
    class Slow(Patient):
        async def late(self) -> None:
            async with asyncio.timeout(0.01):
                await asyncio.to_thread(time.sleep, 0.02)
                await self.client.get("/")

    with RawServer(saying(OK)) as server:
        slow = SyncServiceWrapper(Slow(server.base_url), runner=runner)
        with pytest.raises(TimeoutError):
            slow.late()
        slow.client.aclose()
    assert server.heads == []


def test_a_coroutine_may_let_other_tasks_run() -> None:
    async def give_way() -> int:
        for _ in range(100):
            await asyncio.sleep(0)
        return 1

    async def cancel() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel("enough")
        await asyncio.sleep(0)

    assert runner.run("give way", give_way) == 1
    with pytest.raises(asyncio.CancelledError, match="enough"):
        runner.run("cancel", cancel)


class Files:
    def __init__(self, base_url: str) -> None:
        self.client = httpx.AsyncClient(base_url=base_url, transport=DirectTransport())
        self.states: list[tuple[object, object]] = []

    async def upload(self) -> int:
        self.states.append(state())
        response = await self.client.put("/", content=self._pieces())
        self.states.append(state())
        return response.status_code

    async def download(self) -> AsyncIterator[bytes]:
        async with self.client.stream("GET", "/") as response:
            async for piece in response.aiter_raw():
                self.states.append(state())
                yield await asyncio.to_thread(bytes, piece)

    async def _pieces(self) -> AsyncIterator[bytes]:
        self.states.append(state())
        yield await asyncio.to_thread(bytes, b"piece")


def test_bodies_may_ask_for_threads() -> None:
    chunked = OK.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")
    with RawServer(saying(chunked.replace(b"{}", b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"))) as server:
        made = Files(server.base_url)
        files = SyncServiceWrapper(made, runner=DirectRunner())
        assert files.upload() == 200
        assert len(set(made.states)) == 1
        assert b"".join(files.download()) == b"{}"
        assert None not in {loop for loop, _ in made.states}
        files.client.aclose()
    assert state() == (None, None)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_handler_does_not_find_an_event_loop_while_the_transport_waits() -> None:
    seen: list[tuple[object, object]] = []

    def respond(connection: Any, _: bytes) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        handled.wait(HANGS)
        connection.sendall(OK)

    def handle(*_: object) -> None:
        seen.append(state())
        asyncio.run(three())
        handled.set()

    class Service:
        async def get(self) -> int:
            return (await client.get("/")).status_code

    handled = threading.Event()
    before = signal.signal(signal.SIGUSR1, handle)
    try:
        with RawServer(respond) as server:
            client = httpx.AsyncClient(base_url=server.base_url, transport=DirectTransport())
            assert SyncServiceWrapper(Service(), runner=runner).get() == 200
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert seen == [(None, None)]


def test_an_interrupt_at_any_moment_leaves_no_event_loop_behind() -> None:
    """Ctrl-C before each line of the stand-in: the thread is as it was before the call."""

    def interrupted_at(line: int) -> bool:
        left = line

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal left
            if not frame.f_code.co_filename.endswith("inline_loop.py"):
                return trace
            if event == "line":
                left -= 1
                if left == 0:
                    raise KeyboardInterrupt
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            runner.run("ask", lambda: asyncio.to_thread(int))
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
        return False

    async def cell() -> int:
        before = state()
        line = 1
        while interrupted_at(line):
            assert state() == before, line
            line += 1
        await asyncio.sleep(0)
        return line

    assert asyncio.run(cell()) > 20
    line = 1
    while interrupted_at(line):
        assert state() == (None, None), line
        line += 1
    assert line > 15


def test_greenlets_that_take_turns_within_calls() -> None:
    """The first call ends while the second goes on, both on one thread."""
    made: Callable[[], InlineLoop] = InlineLoop
    first, second = made(), made()
    first.enter()
    second.enter()
    first.end()
    assert state()[0] is second
    second.end()
    assert state() == (None, None)


def test_a_service_without_the_stand_in() -> None:
    async def look() -> tuple[object, object]:
        return state()

    plain = DirectRunner(stand_in=False)
    assert plain.run("look", look) == (None, None)
    with pytest.raises(SuspendedError, match="no running event loop"):
        plain.run("ask", lambda: asyncio.to_thread(int))


def test_every_operation_of_an_event_loop_is_refused_or_has_a_meaning() -> None:
    meant = {"run_in_executor", "time", "get_debug", "is_running", "is_closed"}
    meant |= {"call_at", "call_later", "call_exception_handler", "get_task_factory"}
    made: Callable[[], InlineLoop] = InlineLoop
    loop = made()
    operations = [name for name in vars(asyncio.AbstractEventLoop) if not name.startswith("_")]
    assert meant < set(operations)
    for name in set(operations) - meant:
        with pytest.raises(NeedsEventLoopError, match=rf"it calls loop.{name}\(\)"):
            getattr(loop, name)(None)
