"""Four ways to call an async object without ``await``, all used as their documentation says."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, Self

import anyio
from anyio.from_thread import start_blocking_portal
from asgiref.sync import async_to_sync
from synchronicity import Synchronizer

from pywats import SyncServiceWrapper

if TYPE_CHECKING:
    import threading
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import TracebackType

BRIDGES = (
    "`SyncServiceWrapper`",
    "anyio portal",
    "asgiref `async_to_sync`",
    "synchronicity",
)
NOTE = ContextVar("note", default="nothing")


class Service:
    """An async object of somebody else."""

    _scope: anyio.CancelScope

    async def read_note(self) -> str:
        await asyncio.sleep(0)
        return NOTE.get()

    async def write_note(self, text: str) -> None:
        await asyncio.sleep(0)
        NOTE.set(text)

    async def loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    async def last_until_cancelled(self, ended: threading.Event) -> None:
        try:
            print("started", flush=True)  # noqa: T201 - to the test that interrupts it
            await asyncio.sleep(30)
        finally:
            ended.set()

    async def numbers(self) -> AsyncIterator[int]:
        for number in (1, 2, 3):
            await asyncio.sleep(0)
            yield number

    async def __aenter__(self) -> Self:
        self._scope = anyio.CancelScope().__enter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # As with a task group or a timeout, anyio refuses to leave in another task.
        self._scope.__exit__(kind, error, traceback)


class Bridge(Protocol):
    """What the tests ask of a bridge."""

    # A coroutine method, an async generator and the async context manager of the service.
    def call(self, method: str, *arguments: object) -> Any: ...

    def numbers(self) -> Any: ...

    def entered(self) -> AbstractContextManager[object]: ...


class Faced:
    """A bridge whose methods are those of the object, made synchronous."""

    def __init__(self, face: Any) -> None:
        self._face = face

    def call(self, method: str, *arguments: object) -> Any:
        return getattr(self._face, method)(*arguments)

    def numbers(self) -> Any:
        return self._face.numbers()

    def entered(self) -> AbstractContextManager[object]:
        face: AbstractContextManager[object] = self._face
        return face


class Wrapper(Faced):
    """pywats."""

    def __init__(self, service: Service) -> None:
        super().__init__(SyncServiceWrapper(service))


class Portal:
    """anyio.from_thread.start_blocking_portal, for as long as the program runs."""

    def __init__(self, service: Service, stack: ExitStack) -> None:
        self._service = service
        self._portal = stack.enter_context(start_blocking_portal())

    def call(self, method: str, *arguments: object) -> Any:
        return self._portal.call(getattr(self._service, method), *arguments)

    def numbers(self) -> Any:
        return self._portal.call(self._service.numbers)

    def entered(self) -> AbstractContextManager[object]:
        return self._portal.wrap_async_context_manager(self._service)


class AsyncToSync:
    """asgiref.sync.async_to_sync around each method."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def call(self, method: str, *arguments: object) -> Any:
        return async_to_sync(getattr(self._service, method))(*arguments)

    def numbers(self) -> Any:
        generator: Any = self._service.numbers
        return async_to_sync(generator)()

    @contextmanager
    def entered(self) -> Iterator[object]:
        yield async_to_sync(self._service.__aenter__)()
        async_to_sync(self._service.__aexit__)(None, None, None)


class Synchronized(Faced):
    """A class wrapped by a Synchronizer."""

    _wrapped: Any = None

    def __init__(self) -> None:
        # One for the process: each has a thread that ends with it.
        if Synchronized._wrapped is None:
            Synchronized._wrapped = Synchronizer().wrap(Service)
        super().__init__(Synchronized._wrapped())


@contextmanager
def bridge(name: str) -> Iterator[Bridge]:
    """Yield the bridge of that name, to a service of its own."""
    with ExitStack() as stack:
        make: dict[str, Callable[[], Bridge]] = {
            BRIDGES[0]: lambda: Wrapper(Service()),
            BRIDGES[1]: lambda: Portal(Service(), stack),
            BRIDGES[2]: lambda: AsyncToSync(Service()),
            BRIDGES[3]: Synchronized,
        }
        yield make[name]()
