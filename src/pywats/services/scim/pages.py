"""Iteration over users page by page (RFC 7644 section 3.4.2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import validation
from pywats.models import ScimListResponse, ScimUser
from pywats.sync.faces.crossing.batches import Batches

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pywats.progress import Progress

__all__ = ["UserPages"]


class UserPages(Batches[ScimUser]):
    """All users of a list, or the first of them.

    A server may return fewer users than ``count`` although more follow, so a short page is not the
    end: the end is reached with the total number of users, or with an empty page.

    Args:
        fetch: Gets one page; called with ``startIndex`` and ``count``.
        page_size: Number of users per request, 1 or more.
        max_users: Largest number of users, 1 or more; None takes all.

    Raises:
        TypeError: An argument is not a whole number.
        ValueError: An argument is below 1.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], Awaitable[ScimListResponse]],
        page_size: int,
        max_users: int | None,
        *,
        progress: Progress = False,
    ) -> None:
        super().__init__(progress=progress, what="users")
        validation.whole_number("page_size", page_size, 1)
        if max_users is not None:
            validation.whole_number("max_users", max_users, 1)
        self._fetch = fetch
        self._page_size = page_size
        self._left = max_users
        self._start = 1

    async def next_batch(self) -> list[ScimUser]:
        """Get the next page; see `pywats.sync.faces.crossing.batches.Batches`."""
        count = self._page_size if self._left is None else min(self._page_size, self._left)
        if not count or (self._total is not None and self._start > self._total):
            return []
        page = await self._fetch(self._start, count)
        users = page.resources or []
        self._total = page.total_results
        self._start += len(users)
        if self._left is not None:
            users = users[: self._left]
            self._left -= len(users)
        return users
