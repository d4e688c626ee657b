"""An async iterator that gets its items in batches, such as the pages of a list."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from pywats.progress import Reporter, check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pywats.progress import Progress

__all__ = ["Batches"]

T = TypeVar("T")


class Batches(ABC, Generic[T]):
    """Base of async iterators over items that come in batches.

    ``async for`` gives item after item. The synchronous face makes a plain iterator of it: each
    batch is one call with its own span, limits and retries, and the items of a batch cost
    nothing more. A batch may be asked for again after it failed, which a generator cannot do:
    a generator that raised has ended.

    Args:
        progress: True shows how many items there are, a function is called with
            their number and the total number, None if that is not known.
        what: What the items are.

    Raises:
        TypeError: ``progress`` is neither a truth value nor a function.
    """

    def __init__(self, *, progress: Progress = False, what: str = "items") -> None:
        self._items: deque[T] = deque()
        self._ended = False
        self._total: int | None = None
        # Told outside of the call that gets a batch, so that what the user's function raises is not
        # an error of the request.
        self._progress = Reporter(check(progress), what)

    @abstractmethod
    async def next_batch(self) -> Sequence[T]:
        """Get the next items; called again after an error, it must get the same ones.

        Returns:
            One item or more; none at the end.
        """

    def told(self, count: int) -> None:
        """Tell the user how many more items are there; at the end, with 0, end the display."""
        if count:
            self._progress.advance(count, self._total)
        else:
            self._progress.close()

    def close_progress(self) -> None:
        """End the display of an iteration that was given up."""
        self._progress.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if not self._items and not self._ended:
            self._items.extend(await self.next_batch())
            self._ended = not self._items
            self.told(len(self._items))
        if self._ended:
            raise StopAsyncIteration
        return self._items.popleft()
