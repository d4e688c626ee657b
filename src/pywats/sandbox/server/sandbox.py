"""`Sandbox`: the server, running in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self, TypeVar, cast

from uvicorn import Config
from uvicorn.server import ServerState

from pywats.sandbox.app import make_app
from pywats.sandbox.server.connection import Connections, FaultyProtocol
from pywats.sandbox.server.faults import Fault, FaultPlan, Injection
from pywats.sandbox.server.gateway import Gateway, basic_token
from pywats.sandbox.server.recording import RecordedRequest, Recorder
from pywats.sandbox.state import SandboxState

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from datetime import datetime
    from types import TracebackType

    from pywats.sandbox.product.store import ProductStore

__all__ = ["Sandbox"]

T = TypeVar("T")

_LOOPBACK = "127.0.0.1"
_EVERY_ADDRESS = "0.0.0.0"  # nosec B104  # noqa: S104 - bound to only where asked for
# Longer than any test. If the server closed idle connections, tests of the client's connection
# pool would depend on timing.
_KEEP_ALIVE = 3600
# Only detects a hang: a busy machine may need long to start a server.
_HANGS_AFTER = 60
_MAX_PORT = 65535


class Sandbox:
    """A WATS-compatible server in memory, by default on a free port of 127.0.0.1.

    Use it in a ``with`` block, or call `start` and `close`.

    Args:
        username: User name of the only account.
        password: Its password.
        start: Start time of a clock that advances one second each time the server reads it; None
            for the real time.
        host: IPv4 address or name to listen on. With ``0.0.0.0`` other machines and containers can
            connect; the default credentials are public.
        port: Port to listen on; 0 for a free one.

    Attributes:
        errors: Unexpected exceptions in the sandbox itself; the response to each was status 500.

    Raises:
        TypeError: ``port`` is not an integer.
        ValueError: ``host`` is empty, or ``port`` is not 0 to 65535.
    """

    def __init__(  # nosec B107
        self,
        username: str = "station",
        password: str = "sandbox",  # noqa: S107 - it guards nothing
        *,
        start: datetime | None = None,
        host: str = _LOOPBACK,
        port: int = 0,
    ) -> None:
        if not host:
            raise ValueError("host='': must be an IPv4 address or a name")
        if isinstance(port, bool) or not isinstance(port, int):
            raise TypeError(f"port={port!r}: must be an integer from 0 to 65535")
        if not 0 <= port <= _MAX_PORT:
            raise ValueError(f"port={port}: must be an integer from 0 to 65535")
        self.username = username
        self.password = password
        self.errors: list[Exception] = []
        self._data = SandboxState(start)
        self._plan = FaultPlan()
        self._recorder = Recorder()
        self._connections = Connections()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._host = host
        self._port = port

    @property
    def token(self) -> str:
        """The credentials as base64 of ``username:password``."""
        return basic_token(self.username, self.password)

    @property
    def base_url(self) -> str:
        """Address of the server.

        Raises:
            RuntimeError: It was never started.
        """
        if self._thread is None:
            raise RuntimeError("the sandbox is not started: use it in a with block, or call start")
        host = _LOOPBACK if self._host == _EVERY_ADDRESS else self._host
        return f"http://{host}:{self._port}"

    @property
    def store(self) -> ProductStore:
        """The products on the server."""
        return self._data.products

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """All requests in order of arrival, refused and faulty ones included."""
        return self._recorder.requests

    @property
    def connections_opened(self) -> int:
        """Number of TCP connections that were accepted so far."""
        return self._connections.opened

    @property
    def connections_open(self) -> int:
        """Number of TCP connections that are open now."""
        return self._connections.open_now

    def clear(self) -> None:
        """Forget the recorded requests."""
        self._recorder.clear()

    def wait_for_requests(self, count: int, timeout: float = 5.0) -> None:
        """Block until ``count`` requests have arrived since the start or the last `clear`.

        Raises:
            TimeoutError: Fewer requests arrived within ``timeout`` seconds.
        """
        self._recorder.wait_for(count, timeout)

    def inject(
        self, method: str, route: str, fault: Fault, *, times: int | None = None
    ) -> Injection:
        """Put a fault on a route.

        If several faults match a request, the fault that was injected first applies.

        Args:
            method: HTTP method, or ``*`` for all.
            route: Path as it is on the wire, with ``{name}`` for any one segment; ``*`` for all.
            fault: The fault.
            times: Number of requests with the fault; None for all until it is removed.

        Returns:
            The injection, which can be inspected and removed.

        Raises:
            TypeError: ``fault`` is not a `Fault`, or ``times`` not an integer.
            ValueError: ``route`` or ``times`` is not as described.
        """
        return self._plan.inject(method, route, fault, times)

    def heal(self) -> None:
        """Remove all faults."""
        self._plan.clear()

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Refuse connections inside the ``with`` block; open ones are reset at its start."""
        self._run(self._stop_listening())
        try:
            yield
        finally:
            if not self._closed:
                self._run(self._listen())

    def start(self) -> Self:
        """Start the server and return when it listens.

        Raises:
            OSError: The server cannot listen on the address or port.
            RuntimeError: It was started before.
        """
        if self._thread is not None:
            raise RuntimeError("a sandbox can be started once: make a new one")
        # Not the loop of the policy: a transport of uvloop is not an asyncio.Transport.
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="pywats-sandbox", daemon=True
        )
        self._thread.start()
        try:
            self._run(self._set_up())
        except BaseException:
            self._closed = True
            self._end(self._loop, self._thread)
            raise
        return self

    def close(self) -> None:
        """Stop the server and end all connections; calling it again does nothing."""
        if self._closed or self._loop is None or self._thread is None:
            self._closed = True
            return
        self._closed = True
        self._run(self._tear_down())
        self._end(self._loop, self._thread)

    @staticmethod
    def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._closed:
            return "<Sandbox (closed)>"
        return f"<Sandbox {self.base_url}>" if self._thread else "<Sandbox (not started)>"

    def _run(self, work: Coroutine[object, object, T]) -> T:
        if self._loop is None or self._loop.is_closed():
            work.close()
            raise RuntimeError("the sandbox is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_HANGS_AFTER)

    async def _set_up(self) -> None:
        self._gateway = Gateway(
            make_app(self._data, self.errors.append),
            token=self.token,
            connections=self._connections,
            plan=self._plan,
            recorder=self._recorder,
            go_down=self._go_down,
        )
        self._http = Config(
            self._gateway,
            http="h11",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        self._http.load()
        self._state = ServerState()
        await self._listen()

    async def _listen(self) -> None:
        self._listener = socket.create_server((self._host, self._port), backlog=512)
        self._port = self._listener.getsockname()[1]
        self._server = await asyncio.get_running_loop().create_server(
            self._make_protocol, sock=self._listener
        )

    def _make_protocol(self) -> asyncio.Protocol:
        # uvicorn documents http= as a protocol class and types it without its arguments.
        make = cast("Callable[..., asyncio.Protocol]", self._http.http_protocol_class)
        protocol = make(config=self._http, server_state=self._state, app_state={})
        return FaultyProtocol(self._connections, protocol)

    async def _go_down(self, seconds: float) -> None:
        # Stop listening before the response is lost, so that a retry cannot connect in between.
        await self._refuse()
        self._recovery = asyncio.get_running_loop().create_task(self._come_back(seconds))

    async def _come_back(self, seconds: float) -> None:
        await self._connections.abort_all()
        try:
            await asyncio.wait_for(self._gateway.stopping.wait(), seconds)
        except TimeoutError:
            await self._listen()

    async def _refuse(self) -> None:
        """Refuse further connections; afterwards every accepted connection is registered."""
        if self._listener.fileno() >= 0:
            # The Proactor event loop of Windows does not support readers.
            with suppress(NotImplementedError):
                asyncio.get_running_loop().remove_reader(self._listener)
        # An accepted socket is registered two loop iterations later: in the first one asyncio's
        # task for the socket starts, in the second one connection_made is called. If the server is
        # closed before that, the socket is lost.
        for _ in range(2):
            await asyncio.sleep(0)
        self._server.close()

    async def _stop_listening(self) -> None:
        await self._refuse()
        await self._connections.abort_all()

    async def _tear_down(self) -> None:
        self._gateway.stopping.set()
        await self._stop_listening()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            _, late = await asyncio.wait(others, timeout=1)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
