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

    The generator of the face ends, because the receiver of the async iterator gets its items. An
    iteration that has begun stays as it is: it belongs to a task of its own, and the items that
    were fetched in advance would be lost.
    """
    iterator = _iterators.get(generator)
    if iterator is None or inspect.getgeneratorstate(generator) != inspect.GEN_CREATED:
        return generator
    generator.close()
    return iterator
