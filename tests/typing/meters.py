"""Async classes with everything that a synchronous face must keep."""

from __future__ import annotations

import asyncio
import enum
import typing as t
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Annotated,
    ClassVar,
    Final,
    Generic,
    Literal,
    ParamSpec,
    Self,
    TypeVar,
    overload,
)

from pywats.sync import Batches

from . import channels
from .channels import Channel as ChannelName

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Awaitable,
        Callable,
        Coroutine,
        Sequence,
    )
    from decimal import Decimal
    from types import TracebackType

T = TypeVar("T")
K = TypeVar("K")
P = ParamSpec("P")

DEFAULT_RANGE = 10
Reading = tuple[ChannelName, float]


class Mode(enum.Enum):
    FAST = "fast"
    SLOW = "slow"


class AsyncSlot:
    """A place in a meter."""

    def __init__(self, number: int) -> None:
        self._number = number

    @property
    def number(self) -> int:
        """Its number."""
        return self._number

    async def next(self) -> AsyncSlot:
        """Return the place after it."""
        return AsyncSlot(self._number + 1)


class Numbers(Batches[int]):
    """Numbers in batches of two."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._left = list(range(count))

    async def next_batch(self) -> list[int]:
        batch, self._left = self._left[:2], self._left[2:]
        return batch


class Store(Generic[K, T]):
    """A store of values under keys."""

    def __init__(self) -> None:
        self._values: dict[K, T] = {}

    async def put(self, key: K, value: T) -> T:
        """Keep a value."""
        self._values[key] = value
        return value

    async def get(self, key: K) -> T | None:
        """Return a value."""
        return self._values.get(key)


class AsyncReadings(Store[str, T], Generic[T]):
    """Readings by channel."""

    async def all(self) -> list[T]:
        """Return all readings."""
        return list(self._values.values())


class AsyncMeter(Store[str, float]):
    r'''A meter; its docstring has a \ and a """ in it.

    Attributes:
        unit: Unit of all readings.
    '''

    unit = "V"
    family: ClassVar[str] = "probe"
    limit: float = 2.5
    SERIAL: Final = 7
    owner: str

    def __init__(self, owner: str = "nobody") -> None:
        super().__init__()
        self.owner = owner
        self._range = DEFAULT_RANGE
        self.log: list[str] = []

    async def measure(
        self,
        channel: int,
        /,
        gain: float = -1.5,
        *,
        mode: Mode = Mode.FAST,
        scale: int = DEFAULT_RANGE,
        name: ChannelName = channels.FIRST,
        names: Sequence[str] = (),
        wait: Literal["short", "long"] | None = None,
    ) -> float:
        """Measure a channel.

        Args:
            channel: Its number.
        """
        del mode, name, names, wait
        return channel * gain * scale

    async def many(self, *channels: int, **gains: float) -> dict[str, float]:
        """Measure channels."""
        return {str(channel): float(channel) for channel in channels} | gains

    @overload
    async def read(self, text: Literal[True]) -> str: ...
    @overload
    async def read(self, text: Literal[False] = ...) -> bytes: ...
    async def read(self, text: bool = False) -> str | bytes:  # noqa: FBT001, FBT002 - overloads by value
        """Read what it shows."""
        return "1.0" if text else b"1.0"

    async def apply(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Apply a function."""
        return function(*args, **kwargs)

    async def reset(self) -> Self:
        """Reset it."""
        return self

    def select(self, number: int) -> t.Self:
        """Select a range, without I/O."""
        self._range = number
        return self

    async def price(self) -> Decimal | None:
        """Return no price."""
        return None

    async def stream(self, count: int) -> AsyncGenerator[Reading, None]:
        """Yield readings; ends the stream at the end."""
        try:
            for number in range(count):
                yield channels.FIRST, float(number)
        finally:
            self.log.append("stream ended")

    def numbers(self, count: int) -> Numbers:
        """Iterate over numbers."""
        return Numbers(count)

    def slots(self) -> AsyncIterator[AsyncSlot]:
        """Iterate over all places."""

        async def each() -> AsyncIterator[AsyncSlot]:
            for number in (1, 2):
                yield AsyncSlot(number)

        return each()

    @asynccontextmanager
    async def locked(self, reason: str = "test") -> AsyncGenerator[AsyncSlot]:
        """Lock it."""
        self.log.append(f"lock for {reason}")
        yield AsyncSlot(0)
        self.log.append("unlock")

    def session(self) -> AbstractAsyncContextManager[AsyncSlot]:
        """Open a session."""
        return self.locked("session")

    def later(self, value: T) -> Awaitable[T]:
        """Return what is awaited; no coroutine function."""

        async def wait() -> T:
            return value

        return wait()

    def soon(self, value: T) -> Coroutine[None, None, list[T]]:
        """Return a coroutine; no coroutine function."""

        async def wait() -> list[T]:
            return [value]

        return wait()

    async def slot(self, number: Annotated[int, "from 1"] = 1) -> "AsyncSlot | None":  # noqa: UP037 - quoted types are under test
        """Return a place."""
        return AsyncSlot(number) if number else None

    async def all_slots(self) -> list[AsyncSlot]:
        """Return all places; what is in a list is not wrapped."""
        return [AsyncSlot(1)]

    async def twin(self) -> AsyncMeter:
        """Return another meter."""
        return AsyncMeter("twin")

    @property
    def span(self) -> int:
        """The range."""
        return self._range

    @span.setter
    def span(self, value: int) -> None:
        self._range = value

    @property
    def main_slot(self) -> AsyncSlot:
        """The first place."""
        return AsyncSlot(1)

    @cached_property
    def label(self) -> str:
        """What is printed on it."""
        return f"{self.family} {self.SERIAL}"

    @staticmethod
    async def version() -> str:
        """Return the version."""
        return "1"

    @classmethod
    def for_owner(cls, owner: str) -> Self:
        """Return the meter of an owner."""
        return cls(owner)

    async def suspends(self) -> None:
        """Wait for an event loop."""
        await asyncio.sleep(0)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> int:
        if self._range == 0:
            raise StopAsyncIteration
        self._range -= 1
        return self._range

    async def __aenter__(self) -> Self:
        self.log.append("enter")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.log.append("exit")
