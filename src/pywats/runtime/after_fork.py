"""Reset state in a forked child, which has the parent's state but not its other threads."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet

__all__ = ["Renewable", "renew_after_fork"]


class Renewable(Protocol):
    """An object that other threads may be using at the moment of a fork."""

    def renew(self) -> None:
        """Reset the object in the child, without taking any lock.

        Another thread of the parent may have held the lock during the fork. That thread does not
        exist in the child, so the lock would never be released.
        """
        ...


_holders: WeakSet[Renewable] = WeakSet()


def renew_after_fork(holder: Renewable) -> None:
    """Register ``holder.renew()`` to be called in every forked child of this process."""
    _holders.add(holder)


def _renew_all() -> None:
    for holder in list(_holders):
        holder.renew()


if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows, which does not fork
    os.register_at_fork(after_in_child=_renew_all)
