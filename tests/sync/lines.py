"""A server that answers lines, and two async clients of it: one needs a loop, one never suspends.

They are what `SyncServiceWrapper` is for, with real sockets underneath and nothing else.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Self

from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

VARIABLE: ContextVar[str] = ContextVar("variable", default="unset")


class LineServer:
    """Answers ``echo x`` with ``x`` and ``count n`` with n lines; ``wait`` gets no answer."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.open = 0
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Wakes the thread in accept, which closing alone does not.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def until(self, *, received: int = 0, open_: int | None = None, within: float = HANGS) -> None:
        """Wait for a number of lines received in all, and of connections open now."""

        def reached() -> bool:
            return len(self.received) >= received and open_ in {None, self.open}

        with self._changed:
            assert self._changed.wait_for(reached, within), (self.received, self.open)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._change(1)
                threading.Thread(target=self._respond, args=(connection,), daemon=True).start()

    def _respond(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rw", encoding="utf-8") as stream:
            for line in stream:
                command, _, rest = line.strip().partition(" ")
                self._change(0, line.strip())
                if command == "echo":
                    stream.write(f"{rest}\n")
                if command == "count":
                    stream.writelines(f"{number}\n" for number in range(int(rest)))
                stream.flush()
        self._change(-1)

    def _change(self, opened: int, *received: str) -> None:
        with self._changed:
            self.open += opened
            self.received += received
            self._changed.notify_all()


class Lines:
    """What the two clients have in common."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.log: list[str] = []

    async def ask(self, line: str) -> str:
        """Send a line and return the answer."""
        raise NotImplementedError

    async def tell(self, line: str) -> str:
        """Send what the context variable is, and set it to the answer and the line."""
        response = await self.ask(f"echo {VARIABLE.get()}")
        VARIABLE.set(f"{response}+{line}")
        return response

    async def fail(self, line: str) -> None:
        """Raise an exception two functions further down."""
        await self._refuse(await self.ask(f"echo {line}"))

    async def _refuse(self, response: str) -> None:
        VARIABLE.set(response)
        raise LookupError(response)

    async def deep(self) -> Self:
        return type(self)(self.port)


class LoopLines(Lines):
    """Has connections that belong to an event loop."""

    async def ask(self, line: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"{line}\n".encode())
            return (await reader.readline()).decode().strip()
        finally:
            self.log.append(f"{line} ended")
            writer.close()
            await writer.wait_closed()

    async def count(self, number: int) -> AsyncIterator[str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        token = VARIABLE.set("generator")
        try:
            writer.write(f"count {number}\n".encode())
            for _ in range(number):
                yield (await reader.readline()).decode().strip()
                self.log.append(VARIABLE.get())
        finally:
            VARIABLE.reset(token)
            writer.close()
            await writer.wait_closed()

    @asynccontextmanager
    async def together(self, first: str, second: str) -> AsyncIterator[LoopLines]:
        """Ask twice at a time; the block sees neither answer."""
        async with asyncio.TaskGroup() as group:
            asking = [group.create_task(self.ask(f"echo {each}")) for each in (first, second)]
            yield self
        self.log += [each.result() for each in asking]


class BlockingLines(Lines):
    """Blocks its thread in ``async def`` methods that never suspend, as services over a port do."""

    async def ask(self, line: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            try:
                connection.sendall(f"{line}\n".encode())
                return connection.recv(100).decode().strip()
            finally:
                self.log.append(f"{line} ended")

    async def count(self, number: int) -> AsyncIterator[str]:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            token = VARIABLE.set("generator")
            try:
                connection.sendall(f"count {number}\n".encode())
                with connection.makefile(encoding="utf-8") as lines:
                    for _ in range(number):
                        yield lines.readline().strip()
                        self.log.append(VARIABLE.get())
            finally:
                VARIABLE.reset(token)

    @asynccontextmanager
    async def together(self, first: str, second: str) -> AsyncIterator[BlockingLines]:
        yield self
        self.log += [await self.ask(f"echo {each}") for each in (first, second)]


def wait_a_moment() -> None:
    """Wait until a process that has just sent a request waits for its answer."""
    time.sleep(0.1)
