"""Remember which async iterator a generator of a face represents."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

__all__ = ["iterates", "iterator_inside"]

_iterators: WeakKeyDictionary[Generator[Any, Any, None], AsyncIterator[Any]] = WeakKeyDictionary()


def iterates(generator: Generator[Any, Any, None], iterator: AsyncIterator[Any]) -> None:
    """Remember that a generator of a face represents an async iterator."""
    _iterators[generator] = iterator


def iterator_inside(generator: Any) -> Any:
    """Return the async iterator for a generator of a face; any other generator unchanged.

    The generator of the face ends, because the receiver of the async iterator gets its items.

    Raises:
        TypeError: The iteration has begun: it belongs to a task of its own, and the items that were
            fetched in advance would be lost.
    """
    iterator = _iterators.get(generator)
    if iterator is None:
        return generator
    if inspect.getgeneratorstate(generator) != inspect.GEN_CREATED:
        raise TypeError(
            f"{generator.__name__}: an iteration that has begun cannot be passed to an async "
            "object: pass it before its first item is taken, or pass a list of its items"
        )
    generator.close()
    return iterator
