"""How many type arguments a generic type takes."""

from __future__ import annotations

import collections.abc
import typing
from types import EllipsisType
from typing import Final

__all__ = ["missing_arguments"]

# Generic classes of the standard library that typing has no name for. None of them knows how many
# arguments it takes.
_OTHERS: Final = {
    ("_asyncio", "Future"): 1,
    ("_asyncio", "Task"): 1,
    ("_contextvars", "ContextVar"): 1,
    ("asyncio.queues", "Queue"): 1,
    ("builtins", "mappingproxy"): 2,
    ("os", "PathLike"): 1,
    ("queue", "Queue"): 1,
    ("subprocess", "CompletedProcess"): 1,
    ("subprocess", "Popen"): 1,
    ("weakref", "ReferenceType"): 1,
}
_ABSTRACT_CONTEXTS: Final = frozenset({"AbstractContextManager", "AbstractAsyncContextManager"})


def missing_arguments(kind: object) -> list[EllipsisType | None]:
    """Return a place for each type argument of a generic type that is named without any.

    Args:
        kind: What the annotation names.

    Returns:
        None stands for any type, an ellipsis for itself; empty if the type is not generic.
    """
    if kind is collections.abc.Callable or kind is typing.Callable:
        return [..., None]
    if kind is tuple or kind is typing.Tuple:  # noqa: UP006 - other people's annotations use it
        return [None, ...]
    return [None] * _count(kind)


def _count(kind: object) -> int:
    if not isinstance(kind, type):
        # typing.List and the like tell it themselves.
        alias_count: int = getattr(kind, "_nparams", 0)
        return max(alias_count, 0)
    if kind.__name__ in _ABSTRACT_CONTEXTS:
        return 1
    own = getattr(kind, "__parameters__", ())
    if own or kind.__module__ not in {"builtins", "collections", "collections.abc", "re", *_MODULES}:
        return len(own) or _OTHERS.get((kind.__module__, kind.__name__), 0)
    for alias in vars(typing).values():
        if getattr(alias, "__origin__", None) is kind and hasattr(alias, "_nparams"):
            return _count(alias)
    return _OTHERS.get((kind.__module__, kind.__name__), 0)


_MODULES: Final = frozenset(module for module, _ in _OTHERS)
