"""Iteration over lists that the server gives page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pywats import validation
from pywats.sync.faces.crossing.batches import Batches

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pywats.progress import Progress

__all__ = ["MAX_PAGE_SIZE", "Pages"]

T = TypeVar("T")

# The limit of GET /api/Report/Query/Header; the other lists do not document a limit.
MAX_PAGE_SIZE = 10_000


class Pages(Batches[T]):
    """All rows of a list that takes ``$top`` and ``$skip`` (OData 4.01 URL conventions 5.1.1.8).

    A server may return fewer rows than ``$top`` although more follow, so a short page is not the
    end: the end is the first empty page.

    Args:
        fetch: Gets one page; called with ``top`` and ``skip``.
        page_size: Number of rows per request, 1 to 10,000.
        progress: True shows the number of rows; a function is called with it.
        what: Name of the rows, for the progress.

    Raises:
        TypeError: ``page_size`` is not a whole number, or ``progress`` cannot be called.
        ValueError: ``page_size`` is out of range.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], Awaitable[list[T]]],
        page_size: int,
        *,
        progress: Progress = False,
        what: str = "rows",
    ) -> None:
        super().__init__(progress=progress, what=what)
        validation.whole_number("page_size", page_size, 1)
        if page_size > MAX_PAGE_SIZE:
            raise ValueError(f"page_size={page_size}: must be {MAX_PAGE_SIZE} or less")
        self._fetch = fetch
        self._page_size = page_size
        self._skip = 0

    async def next_batch(self) -> list[T]:
        """Get the next page; see `pywats.sync.faces.crossing.batches.Batches`."""
        rows = await self._fetch(self._page_size, self._skip)
        self._skip += len(rows)
        return rows
