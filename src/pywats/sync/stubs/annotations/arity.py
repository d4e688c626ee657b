"""How many type arguments a generic type takes."""

from __future__ import annotations

import collections.abc
import typing
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import EllipsisType

__all__ = ["missing_arguments"]

# Classes do not know how many arguments they take, but their aliases in typing do.
_COUNTS: Final[dict[object, int]] = {
    alias.__origin__: alias._nparams  # noqa: SLF001 - nothing public tells
    for alias in vars(typing).values()
    if getattr(alias, "_nparams", 0) > 0
}
# Types of the standard library that typing has no alias for.
_FURTHER: Final = {
    ("_asyncio", "Future"): 1,
    ("_asyncio", "Task"): 1,
    ("_contextvars", "ContextVar"): 1,
    ("asyncio.queues", "Queue"): 1,
    # Their second argument came with Python 3.13 and has a default.
    ("contextlib", "AbstractAsyncContextManager"): 1,
    ("contextlib", "AbstractContextManager"): 1,
    ("os", "PathLike"): 1,
    ("queue", "Queue"): 1,
    ("subprocess", "CompletedProcess"): 1,
    ("subprocess", "Popen"): 1,
    ("types", "MappingProxyType"): 2,
    ("weakref", "ReferenceType"): 1,
}


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
    if not isinstance(kind, type):
        # An alias with type parameters, such as Rows = list[T], needs them where it is named.
        parameters: tuple[object, ...] = getattr(kind, "__parameters__", ())
        if parameters:
            return [... if isinstance(each, typing.ParamSpec) else None for each in parameters]
    return [None] * _count(kind)


def _count(kind: object) -> int:
    if not isinstance(kind, type):
        # typing.List and the like; an alias that has its arguments is no longer one of these.
        count: int = getattr(kind, "_nparams", 0)
        return max(count, 0)
    own: tuple[object, ...] = getattr(kind, "__parameters__", ())
    known = _FURTHER.get((kind.__module__, kind.__name__))
    return len(own) or known or _COUNTS.get(kind, 0)
