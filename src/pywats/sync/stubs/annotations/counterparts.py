"""What stands for the async types on a synchronous face."""

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
"""What an async iterator of any class becomes."""

SYNC_CONTEXT: Final = Origin("contextlib", "AbstractContextManager")
"""What an async context manager of any class becomes."""

COUNTERPARTS: Final[dict[str, Origin]] = {
    name: Origin(kind.__module__, kind.__name__) for name, kind in signatures.COUNTERPARTS.items()
}
"""The synchronous type for each async one."""

FUTURES: Final = frozenset({"Future", "Task"})
"""The types whose instances become a `pywats.sync.SyncFuture` where they are not awaited."""

SYNC_FUTURE: Final = Origin("pywats.sync.faces.future", "SyncFuture")
"""What a future of asyncio becomes."""

AWAITABLE: Final = frozenset({"Awaitable", "Coroutine", "Future", "Task"})
"""The types in the place of which the face has what they will be."""

# asyncio's futures call themselves _asyncio.Future, or asyncio.futures.Future without C.
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
    """Return the name of a type if it is of a module that has the async types, else "".

    Args:
        kind: What an annotation names.
    """
    module = getattr(kind, "__module__", "")
    name: str = getattr(kind, "__name__", "") or getattr(kind, "_name", "")
    # typing.AsyncIterator calls itself AsyncIterator of the module typing.
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

    Abstract ones, such as ``Sequence``, stand for the lists and tuples that methods return.

    Args:
        kind: What the annotation names.
    """
    # typing.List and the like have list as their origin.
    try:
        return (get_origin(kind) or kind) in _CONTAINERS
    except TypeError:
        return False
