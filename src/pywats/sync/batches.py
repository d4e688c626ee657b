"""An async iterator that gets its items in batches, such as the pages of a list."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Batches"]

T = TypeVar("T")


class Batches(ABC, Generic[T]):
    """Base of async iterators over items that come in batches.

    ``async for`` gives item after item. The synchronous face makes a plain iterator of it: each
    batch is one call with its own span, limits and retries, and the items of a batch cost
    nothing more. A batch may be asked for again after it failed, which a generator cannot do:
    a generator that raised has ended.
    """

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._ended = False

    @abstractmethod
    async def next_batch(self) -> Sequence[T]:
        """Get the next items; called again after an error, it must get the same ones.

        Returns:
            One item or more; none at the end.
        """

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if not self._items and not self._ended:
            self._items.extend(await self.next_batch())
            self._ended = not self._items
        if self._ended:
            raise StopAsyncIteration
        return self._items.popleft()
