"""A forked child has its parent's state, but none of its other threads."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet

__all__ = ["Renewable", "renew_after_fork"]


class Renewable(Protocol):
    """Something that other threads may have been using at the moment of a fork."""

    def renew(self) -> None:
        """Start afresh in the child, without taking any lock.

        Another thread of the parent may have held the lock when it forked, and no thread of the
        child will ever release it.
        """
        ...


_holders: WeakSet[Renewable] = WeakSet()


def renew_after_fork(holder: Renewable) -> None:
    """Have ``holder.renew()`` called in every child that this process forks."""
    _holders.add(holder)


def _renew_all() -> None:
    for holder in list(_holders):
        holder.renew()


if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows, which does not fork
    os.register_at_fork(after_in_child=_renew_all)
