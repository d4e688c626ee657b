"""What a signal handler raises in the middle of a call ends the call, and is not changed."""

from __future__ import annotations

import asyncio
import functools
import os
import queue
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper, pyWATS
from pywats.errors import CallTimeoutError, WATSClosedError
from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint
from pywats.http.network.exchange import Exchange
from pywats.observability.guard import guarded
from pywats.runtime.signals import raised_by_signal_handler
from pywats.sync import DirectRunner
from tests.faults import calls
from tests.faults.network import black_hole
from tests.http.faces import FACES, GET
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")

RETRIES = RetryConfig(max_retries=3, backoff=1)


class JobTooLongError(TimeoutError):
    """The limit of a job."""


class JobLostError(ConnectionResetError):
    """Looks like an error of a socket."""


KINDS: list[Callable[[], Exception]] = [
    JobTooLongError,
    JobLostError,
    lambda: TimeoutError("timed out"),
    lambda: OSError(104, "Connection reset by peer"),
    lambda: InterruptedError("interrupted"),
    lambda: BlockingIOError("would block"),
]


@contextmanager
def handling(error: BaseException) -> Iterator[Callable[[], None]]:
    """Have SIGUSR1 raise the error; yield what sends the signal."""

    def handler(_signum: int, _frame: object) -> None:
        raise error

    before = signal.signal(signal.SIGUSR1, handler)
    main = threading.main_thread().ident
    assert main is not None
    try:
        yield lambda: signal.pthread_kill(main, signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)


@contextmanager
def server(reached: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve connections that are never answered; each is reported when bytes have come."""
    listener = socket.create_server(("127.0.0.1", 0))
    peers: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            peers.append(peer)
            if peer.recv(1):
                reached(peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(120)
        for peer in peers:
            peer.close()


def soon(send: Callable[[], None]) -> None:
    """Send the signal when the main thread is in the system call that follows."""
    threading.Timer(0.1, send).start()


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("retry", [None, RETRIES], ids=["once", "retries"])
def test_in_tls_and_while_reading(
    make: Callable[[], Exception], scheme: str, retry: RetryConfig | None
) -> None:
    error = make()
    count = []
    with handling(error) as send:

        def reached(_: socket.socket) -> None:
            count.append(1)
            soon(send)

        with server(reached) as address:
            api = pyWATS(f"{scheme}://{address}", "eDp5", timeout=60, retry_config=retry)
            with api, pytest.raises(type(error)) as caught:
                api.product.get_product("A")
    assert caught.value is error
    assert len(count) == 1


@pytest.mark.parametrize("make", KINDS)
def test_while_writing(make: Callable[[], Exception]) -> None:
    error = make()
    with handling(error) as send, server(lambda _: soon(send)) as address:
        api = pyWATS(f"http://{address}", "eDp5", timeout=60, retry_config=RETRIES)
        with api, pytest.raises(type(error)) as caught:
            api.asset.upload_file(str(UUID(int=1)), "large.bin", bytes(50_000_000))
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_in_a_look_up(make: Callable[[], Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    error = make()
    release = threading.Event()
    with handling(error) as send:

        def getaddrinfo(*_: object, **__: object) -> list[Any]:
            soon(send)
            release.wait(120)
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        api = pyWATS("http://wats.example", "eDp5", timeout=60, retry_config=RETRIES)
        with api, pytest.raises(type(error)) as caught:
            api.product.get_product("A")
        release.set()
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("call", ["connect", "setsockopt", "send", "recv"])
def test_in_any_system_call_of_a_request(
    make: Callable[[], Exception],
    face: Callable[..., object],
    call: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = make()
    real = getattr(socket.socket, call)
    with handling(error) as send, RawServer(saying(b"HTTP/1.1 204 Gone\r\n\r\n")) as peer:

        def interrupted(self: socket.socket, *args: object) -> object:
            if threading.current_thread() is threading.main_thread():
                send()
                time.sleep(20)
            return real(self, *args)

        with monkeypatch.context() as patched:
            patched.setattr(socket.socket, call, interrupted)
            with pytest.raises(type(error)) as caught:
                face(peer.base_url)
    assert caught.value is error


ONE_CONNECTION = ConnectionSettings(limits=httpx.Limits(max_connections=1))


@pytest.mark.parametrize("make", [*KINDS, queue.Empty])
def test_while_waiting_for_a_connection_of_the_pool(make: Callable[[], Exception]) -> None:
    error = make()
    with (
        handling(error) as signal_main,
        RawServer(lambda connection, _: connection.recv(1)) as peer,
        ThreadPoolExecutor(1) as other,
    ):
        port = BlockingPort(Endpoint(peer.base_url, "Basic eA=="), ONE_CONNECTION, timeout=60)
        held = other.submit(calls.send, port, GET)
        peer.wait_for_request()
        soon(signal_main)
        with pytest.raises(type(error)) as caught:
            calls.send(port, GET)
        port.close()
        assert isinstance(held.exception(120), WATSClosedError)
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_while_waiting_for_a_connection_of_the_pool_in_a_loop(
    make: Callable[[], Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = make()

    async def main() -> None:
        port = AsyncPort(Endpoint(peer.base_url, "Basic eA=="), ONE_CONNECTION, timeout=60)
        held = asyncio.create_task(port.send(GET))
        await asyncio.to_thread(peer.wait_for_request)
        monkeypatch.setattr(Exchange, "left", interrupted)
        try:
            await port.send(GET)
        finally:
            monkeypatch.undo()
            await port.close()
            with pytest.raises(WATSClosedError):
                await held

    with (
        handling(error) as signal_main,
        RawServer(lambda connection, _: connection.recv(1)) as peer,
    ):

        def interrupted(*_: object) -> None:
            signal_main()
            time.sleep(20)

        with pytest.raises(type(error)) as caught:
            asyncio.run(main())
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_while_connecting(make: Callable[[], Exception]) -> None:
    error = make()
    with handling(error) as signal_main, black_hole() as number:
        soon(signal_main)
        with pytest.raises(type(error)) as caught:
            FACES[0](f"http://127.0.0.1:{number}")
    assert caught.value is error


@pytest.mark.parametrize("make", [*KINDS, SystemExit])
def test_in_a_look_up_in_a_loop(
    make: Callable[[], BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = make()
    with handling(error) as signal_main:

        def interrupted(*_: object) -> bool:
            signal_main()
            time.sleep(20)
            return False

        monkeypatch.setattr("pywats.http.network.dns._Lookup.is_under_way", interrupted)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])
        with pytest.raises(type(error)) as caught:
            FACES[1]("http://wats.example")
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_in_a_look_up_without_a_thread(
    make: Callable[[], Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = make()
    with handling(error) as send:

        def getaddrinfo(*_: object) -> None:
            send()
            time.sleep(20)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr("pywats.http.network.dns.start_thread", lambda _: False)
        api = pyWATS("http://wats.example", "eDp5", timeout=60, retry_config=RETRIES)
        with api, pytest.raises(type(error)) as caught:
            api.product.get_product("A")
    assert caught.value is error


def test_in_the_start_of_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    error = RuntimeError("the job takes too long")
    with handling(error) as send:

        def start(_: threading.Thread) -> None:
            send()
            time.sleep(20)

        monkeypatch.setattr(threading.Thread, "start", start)
        api = pyWATS("http://wats.example", "eDp5", timeout=60, retry_config=RETRIES)
        with api, pytest.raises(RuntimeError) as caught:
            api.product.get_product("A")
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_between_two_attempts(make: Callable[[], Exception]) -> None:
    error = make()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with handling(error) as send:
        retry = RetryConfig(max_retries=3, backoff=20, on_retry=lambda _: soon(send))
        api = pyWATS(f"http://127.0.0.1:{port}", "eDp5", retry_config=retry)
        with api, pytest.raises(type(error)) as caught:
            api.product.get_product("A")
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_in_a_hook(make: Callable[[], Exception]) -> None:
    error = make()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with handling(error) as send:

        def hook(_: object) -> None:
            send()
            time.sleep(20)

        api = pyWATS(f"http://127.0.0.1:{port}", "eDp5", retry_config=RetryConfig(on_retry=hook))
        with api, pytest.raises(type(error)) as caught:
            api.product.get_product("A")
    assert caught.value is error


class Cut:
    async def work(self) -> None:
        raise CallTimeoutError("cut off", may_have_been_executed=True)


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("where", ["span_attributes", "repeatable", "retry_on_errors"])
@pytest.mark.usefixtures("spans")
def test_in_a_function_of_the_application(make: Callable[[], Exception], where: str) -> None:
    error = make()
    with handling(error) as send:

        def function(*_: object) -> Any:
            send()
            time.sleep(20)

        rule: Any = function if where == "retry_on_errors" else (TimeoutError,)
        config = SyncConfig(
            retry_enabled=True, retry=RetryConfig(max_backoff=0.01, retry_on_errors=rule)
        )
        options: dict[str, Any] = {} if where == "retry_on_errors" else {where: function}
        with pytest.raises(type(error)) as caught:
            SyncServiceWrapper(Cut(), config, runner=DirectRunner(), **options).work()
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_in_telemetry(make: Callable[[], Exception]) -> None:
    error = make()
    with handling(error) as send:

        @guarded("exporting")
        def export() -> None:
            send()
            time.sleep(20)

        with pytest.raises(type(error)) as caught:
            export()
    assert caught.value is error


@pytest.mark.parametrize("make", KINDS)
def test_in_an_attribute_of_an_exception(make: Callable[[], Exception]) -> None:
    class Asking(Exception):
        @property
        def attempts(self) -> None:
            send()
            time.sleep(20)

    class Failing:
        async def work(self) -> None:
            raise Asking

    error = make()
    with handling(error) as send, pytest.raises(type(error)) as caught:
        SyncServiceWrapper(Failing(), runner=DirectRunner()).work()
    assert caught.value is error


class Slow:
    def __init__(self) -> None:
        self.started = 0
        self.reached: Callable[[], None] = lambda: None

    async def work(self) -> None:
        self.started += 1
        self.reached()
        await asyncio.sleep(20)


@pytest.mark.parametrize("make", KINDS)
def test_in_a_wrapper(make: Callable[[], Exception]) -> None:
    error = make()
    slow = Slow()
    config = SyncConfig(retry_enabled=True, retry=RetryConfig(retry_unsafe=True))
    with handling(error) as send:
        slow.reached = lambda: soon(send)
        with pytest.raises(type(error)) as caught:
            SyncServiceWrapper(slow, config, repeatable={"work"}).work()
    assert caught.value is error
    assert slow.started == 1


def raising(*_: object) -> None:
    raise TimeoutError("timed out")


class Handler:
    def __call__(self, _signum: int, _frame: object) -> None:
        raising()

    def method(self, _signum: int, _frame: object) -> None:
        raising()


@functools.wraps(raising)
def decorated(*args: object, **kwargs: object) -> None:
    raising(*args, **kwargs)


@pytest.mark.parametrize(
    "handler", [raising, Handler(), Handler().method, decorated, functools.partial(raising, 1)]
)
def test_every_kind_of_handler_is_told_from_the_code_it_interrupts(handler: Any) -> None:
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.raises(TimeoutError) as caught:
            os.kill(os.getpid(), signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert raised_by_signal_handler(caught.value)


def test_an_error_of_a_socket_is_not_of_a_handler() -> None:
    left, right = socket.socketpair()
    with left, right:
        left.settimeout(0.01)
        with pytest.raises(TimeoutError) as caught:
            left.recv(1)
    assert not raised_by_signal_handler(caught.value)
    assert not raised_by_signal_handler(ValueError("never raised"))
