"""Find the number of type arguments of a generic type."""

from __future__ import annotations

import collections.abc
import typing
from typing import TYPE_CHECKING, Final

from pywats.sync.stubs.source.definitions import parameters_of

if TYPE_CHECKING:
    from types import EllipsisType

__all__ = ["missing_arguments"]

# Built-in classes do not have the number of their type arguments, but their aliases in typing do.
_COUNTS: Final[dict[object, int]] = {
    alias.__origin__: alias._nparams  # noqa: SLF001 - there is not a public attribute for it
    for alias in vars(typing).values()
    if getattr(alias, "_nparams", 0) > 0
}
# Types of the standard library without an alias in typing.
_FURTHER: Final = {
    ("_asyncio", "Future"): 1,
    ("_asyncio", "Task"): 1,
    ("_contextvars", "ContextVar"): 1,
    ("asyncio.queues", "Queue"): 1,
    # Python 3.13 added a second type argument, which has a default.
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
    """Return a placeholder for each missing type argument of a generic type without arguments.

    Args:
        kind: The type in the annotation.

    Returns:
        None for Any, or an ellipsis for a literal ``...``; empty if the type is not generic.
    """
    if kind is collections.abc.Callable or kind is typing.Callable:
        return [..., None]
    if kind is tuple or kind is typing.Tuple:  # noqa: UP006 - other people's annotations use it
        return [None, ...]
    if not isinstance(kind, type):
        # A generic alias, such as Rows = list[T], needs type arguments where it is used.
        parameters: tuple[object, ...] = getattr(kind, "__parameters__", ())
        if parameters:
            return [... if isinstance(each, typing.ParamSpec) else None for each in parameters]
    return [None] * _count(kind)


def _count(kind: object) -> int:
    if not isinstance(kind, type):
        # typing.List and the like, without type arguments.
        count: int = getattr(kind, "_nparams", 0)
        return max(count, 0)
    own: tuple[object, ...] = getattr(kind, "__parameters__", ())
    known = _FURTHER.get((kind.__module__, kind.__name__))
    # A class may be generic only in its source, for example one of an extension module.
    return len(own) or known or _COUNTS.get(kind) or len(parameters_of(kind))
