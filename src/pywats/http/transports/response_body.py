"""What the bodies of responses have in common, whatever transport they come through."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar

import httpx

__all__ = ["ResponseBody", "body_class"]


class ResponseBody(ABC):
    """The body of a response; the attempt ends with it.

    A response that nobody closes must not keep its place in the pool, and has its span and log
    line all the same: from `begin` to `over`, the garbage collector calls `end`. It calls it at no
    other time, for Python prints what is raised within ``__del__`` and goes on, so that Ctrl-C
    would be lost there.

    Attributes:
        streams: The classes of httpx that the body is of.
        family: The package of the request, httpx or httpx2.
        open: The class of a body for which the garbage collector calls `end`.
        idle: The class of a body for which it does not.
    """

    streams: ClassVar[tuple[str, ...]]
    family: ClassVar[Any] = httpx
    open: ClassVar[type[Any]]
    idle: ClassVar[type[Any]]

    def begin(self) -> None:
        """Note that the body is complete, so that `end` can be called."""
        self.__class__ = self.open

    @abstractmethod
    def end(self) -> None:
        """End the attempt; any number of times."""

    def over(self) -> None:
        """Note that `end` has nothing left to do."""
        self.__class__ = self.idle


B = TypeVar("B", bound=ResponseBody)


@functools.cache
def body_class(kind: type[B], family: Any) -> type[B]:
    """Return the class of bodies for a package: it asks for instances of its own classes.

    Args:
        kind: The class of bodies without the classes of the package.
        family: The package.
    """
    bases = (kind, *(getattr(family, name) for name in kind.streams))
    members = {"family": family, "__module__": kind.__module__}
    idle: Any = type(kind.__name__, bases, members)
    idle.idle = idle
    idle.open = type(kind.__name__, bases, {**members, "idle": idle, "__del__": kind.end})
    made: type[B] = idle
    return made
