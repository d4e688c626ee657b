"""Which members of a class are read, and which are called."""

from __future__ import annotations

import functools

__all__ = ["is_property"]

# What makes a method can mostly be called itself. These cannot, or not in every Python.
_MAKES_METHODS = (
    staticmethod,
    classmethod,
    functools.partialmethod,
    functools.singledispatchmethod,
)


def is_property(member: object) -> bool:
    """Tell whether a member is read and not called, as with ``property`` and its likes.

    Many libraries have likes of their own, which keep the value, or make it under a lock.

    Args:
        member: What the class itself has, without going through ``__get__``.
    """
    return (
        hasattr(type(member), "__get__")
        and not callable(member)
        and not isinstance(member, _MAKES_METHODS)
    )
