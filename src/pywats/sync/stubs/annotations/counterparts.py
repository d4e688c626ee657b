"""The synchronous types that replace async types on a face."""

from __future__ import annotations

import collections
import collections.abc
from typing import Final, get_origin

from pywats.sync.faces import signatures
from pywats.sync.stubs.source.names import Origin

__all__ = [
    "AWAITABLE",
    "COUNTERPARTS",
    "FUTURES",
    "GENERATOR",
    "SYNC_CONTEXT",
    "SYNC_FUTURE",
    "async_name",
    "is_container_type",
]

_ABC = "collections.abc"

GENERATOR: Final = Origin(_ABC, "Generator")
"""The type that replaces an async iterator of any class."""

SYNC_CONTEXT: Final = Origin("contextlib", "AbstractContextManager")
"""The type that replaces an async context manager of any class."""

COUNTERPARTS: Final[dict[str, Origin]] = {
    name: Origin(kind.__module__, kind.__name__) for name, kind in signatures.COUNTERPARTS.items()
}
"""The synchronous type for each async type."""

FUTURES: Final = frozenset({"Future", "Task"})
"""The types whose instances become a `pywats.sync.SyncFuture` if they are not awaited."""

SYNC_FUTURE: Final = Origin("pywats.sync.faces.future", "SyncFuture")
"""The type that replaces a future of asyncio."""

AWAITABLE: Final = frozenset({"Awaitable", "Coroutine", "Future", "Task"})
"""The types that the face replaces with the type of their awaited result."""

# The class is _asyncio.Future, or asyncio.futures.Future without the C extension.
_MODULES = frozenset(
    {
        _ABC,
        "typing",
        "typing_extensions",
        "contextlib",
        "asyncio",
        "_asyncio",
        "asyncio.futures",
        "asyncio.tasks",
    }
)


def async_name(kind: object) -> str:
    """Return the name of a type if its module defines async types, else "".

    Args:
        kind: The type in an annotation.
    """
    module = getattr(kind, "__module__", "")
    name: str = getattr(kind, "__name__", "") or getattr(kind, "_name", "")
    # The module of typing.AsyncIterator is typing, although it is an alias of collections.abc.
    return name if module in _MODULES else ""


_CONTAINERS = frozenset(
    {
        *(list, tuple, dict, set, frozenset, collections.deque),
        *(collections.OrderedDict, collections.defaultdict),
        *(getattr(collections.abc, name) for name in collections.abc.__all__),
    }
) - {collections.abc.Callable}


def is_container_type(kind: object) -> bool:
    """Tell whether an annotation names a container in which a face replaces objects.

    Abstract types, such as ``Sequence``, are included, because methods that are annotated with
    them return lists and tuples.

    Args:
        kind: The type in the annotation.
    """
    # typing.List and the like have list as their origin.
    try:
        return (get_origin(kind) or kind) in _CONTAINERS
    except TypeError:
        return False
