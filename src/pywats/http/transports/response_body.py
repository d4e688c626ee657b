"""Base class of the response bodies of all transports."""

from __future__ import annotations

import functools
import weakref
from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar

import httpx

__all__ = ["ResponseBody", "body_class"]


class ResponseBody(ABC):
    """The body of a response; the attempt ends when the body does.

    A response that the program never closes must give back its place in the pool, and still needs
    its span and log line. So the body has a ``__del__`` that calls `end`, but only between `begin`
    and `over`: Python prints an exception that is raised in ``__del__`` and continues, so a Ctrl-C
    there would be lost.

    Attributes:
        streams: Names of the httpx stream classes that the body derives from.
        family: The package of the request, httpx or httpx2.
        open: The class with ``__del__``, from `begin` to `over`.
        idle: The class without ``__del__``.
    """

    streams: ClassVar[tuple[str, ...]]
    family: ClassVar[Any] = httpx
    open: ClassVar[type[Any]]
    idle: ClassVar[type[Any]]

    _response_of_httpx: weakref.ref[Any] | None = None

    def belongs_to(self, response: Any) -> None:
        """Note the response of httpx that this is the body of."""
        self._response_of_httpx = weakref.ref(response)

    def part_from_response(self) -> None:
        """Break the reference cycle of a response that was closed, so that it is freed at once.

        The client of httpx puts the body into a stream that refers to the response. Without this,
        every response with its content would stay until the garbage collector runs.
        """
        response = None if self._response_of_httpx is None else self._response_of_httpx()
        if response is not None:
            response.stream = self

    def begin(self) -> None:
        """Note that the object is initialised, so that `end` can be called."""
        self.__class__ = self.open

    @abstractmethod
    def end(self) -> None:
        """End the attempt; may be called again."""

    def over(self) -> None:
        """Note that `end` has nothing left to do."""
        self.__class__ = self.idle


B = TypeVar("B", bound=ResponseBody)


@functools.cache
def body_class(kind: type[B], family: Any) -> type[B]:
    """Return the variant of a body class that a package accepts as one of its own streams.

    Args:
        kind: The body class without the base classes of the package.
        family: The package, httpx or httpx2.
    """
    bases = (kind, *(getattr(family, name) for name in kind.streams))
    members = {"family": family, "__module__": kind.__module__}
    idle: Any = type(kind.__name__, bases, members)
    idle.idle = idle
    idle.open = type(kind.__name__, bases, {**members, "idle": idle, "__del__": kind.end})
    made: type[B] = idle
    return made
