"""An async iterator that fetches its items in batches, such as the pages of a list."""

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
    """Base of async iterators that fetch their items in batches.

    ``async for`` yields single items. The synchronous face turns it into a plain iterator: each
    batch is one call with its own span, limits and retries, and the items of a batch need no
    further call. A failed batch can be fetched again. A generator cannot do this, because a
    generator that has raised has ended.

    Args:
        progress: True displays the number of items. A function is called with the number of items
            and the total number, which is None if it is not known.
        what: Name of the items in the display, in the plural.

    Raises:
        TypeError: ``progress`` is neither a truth value nor a function.
    """

    def __init__(self, *, progress: Progress = False, what: str = "items") -> None:
        self._items: deque[T] = deque()
        self._ended = False
        self._total: int | None = None
        # Reported outside of the call that fetches a batch, so that an error in the user's function
        # is not an error of the request.
        self._progress = Reporter(check(progress), what)

    @abstractmethod
    async def next_batch(self) -> Sequence[T]:
        """Fetch the next items; if it is called again after an error, it must fetch the same items.

        Returns:
            One or more items; an empty sequence at the end.
        """

    def told(self, count: int) -> None:
        """Report the number of new items to the user; 0 means the end and closes the display."""
        if count:
            self._progress.advance(count, self._total)
        else:
            self._progress.close()

    def close_progress(self) -> None:
        """Close the display of an iteration that was abandoned."""
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
