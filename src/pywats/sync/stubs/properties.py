"""Tell members that are read, such as properties, from members that are called."""

from __future__ import annotations

import functools

__all__ = ["is_called", "is_property"]

# Most descriptors of methods are callable. These are not, at least in some versions of Python.
_MAKES_METHODS = (
    staticmethod,
    classmethod,
    functools.partialmethod,
    functools.singledispatchmethod,
)


def is_property(member: object) -> bool:
    """Tell whether a member is a ``property`` or a similar descriptor, which is read, not called.

    Many libraries have such descriptors, which cache the value or compute it under a lock.

    Args:
        member: The attribute of the class, without a call of ``__get__``.
    """
    return hasattr(type(member), "__get__") and not is_called(member)


def is_called(member: object) -> bool:
    """Tell whether a member is a method, however it was made.

    Args:
        member: The attribute of the class, without a call of ``__get__``.
    """
    return callable(member) or isinstance(member, _MAKES_METHODS)
