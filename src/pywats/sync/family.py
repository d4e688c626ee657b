"""What the face of an object and those of all that comes out of it have in common."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from opentelemetry.util.types import AttributeValue

from pywats.sync.nature import must_await
from pywats.sync.telemetry import escape_surrogates

if TYPE_CHECKING:
    from opentelemetry.util.types import Attributes

    from pywats.sync.engine import Engine
    from pywats.sync.face import SyncFace

__all__ = ["Family", "SpanAttributes"]

logger = logging.getLogger("pywats.sync")

SpanAttributes = Callable[
    [str, tuple[Any, ...], Mapping[str, Any]], Mapping[str, AttributeValue] | None
]
"""Given a method's name and its arguments, returns what the span of the call is to tell."""


class Family:
    """Runs the calls of some faces, and knows the face that each object has.

    Args:
        engine: Runs the calls.
        span_attributes: Gives the attributes of the calls' spans.
        automatic: The face of objects with async members for which none is declared; None leaves
            them as they are.
    """

    def __init__(
        self,
        engine: Engine,
        span_attributes: SpanAttributes | None,
        automatic: type[SyncFace[Any]] | None,
    ) -> None:
        self.engine = engine
        self.span_attributes = span_attributes
        self.automatic = automatic
        self._faces: WeakValueDictionary[int, SyncFace[Any]] = WeakValueDictionary()
        # Plain functions that have returned an awaitable: the next call of one can at once be
        # what a call of a coroutine function is.
        self._awaited: set[tuple[type, str]] = set()

    def reconfigured(self, engine: Engine) -> Family:
        """Return a family with faces of its own that another engine serves."""
        return Family(engine, self.span_attributes, self.automatic)

    def adopt(self, wrapped: object, face: SyncFace[Any]) -> None:
        """Take a face as that of an object."""
        self._faces[id(wrapped)] = face

    def face(self, wrapped: object) -> SyncFace[Any] | None:
        """Return the face that an object has; None if it has none."""
        return self._faces.get(id(wrapped))

    def call(
        self,
        name: str,
        key: tuple[type, str],
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> Any:
        """Call a function, and await what it returns if that is to be awaited.

        A call with something to await has a span, limits and retries; there is nothing to await
        in a coroutine that has run, so it is the function that is called again.

        Args:
            name: Name of the call in spans.
            key: Class and method, to remember what it returns.
            function: The function.
            args: Its positional arguments.
            kwargs: Its keyword arguments.
        """
        start = functools.partial(function, *args, **kwargs)
        made: list[Any] = []
        if not inspect.iscoroutinefunction(function):
            if inspect.isasyncgenfunction(function):
                return start()
            if key not in self._awaited:
                result = self.engine.call(name, start)
                if not must_await(result):
                    return result
                self._awaited.add(key)
                made.append(result)
            start = functools.partial(_once_more, made, start)
        try:
            return self.engine.run(name, start, attributes=self.attributes(key[1], args, kwargs))
        finally:
            for unused in made:
                close = getattr(unused, "close", None)
                if close is not None:
                    close()

    def attributes(
        self, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Attributes:
        """Return the attributes that the user's hook gives to a call."""
        if self.span_attributes is None:
            return None
        try:
            given = self.span_attributes(method, args, kwargs)
            return given and {
                name: escape_surrogates(value) if isinstance(value, str) else value
                for name, value in given.items()
            }
        except Exception:
            logger.exception("span_attributes failed for %s; the call goes on without", method)
            return None


def _once_more(made: list[Any], start: Callable[[], Any]) -> Awaitable[Any]:
    """Return the awaitable that was made, or another one for a further attempt."""
    result = made.pop() if made else start()
    return result if must_await(result) else _value(result)


async def _value(result: Any) -> Any:
    return result
