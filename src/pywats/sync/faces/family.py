"""State shared by a face and the faces derived from it."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakValueDictionary

from opentelemetry.util.types import AttributeValue

from pywats.observability.guard import log_safely
from pywats.observability.safe_text import escape_surrogates
from pywats.runtime.signals import raised_by_signal_handler
from pywats.sync.faces.call_site import Use, attribute_of_result, use_of_result
from pywats.sync.faces.objects.functions import GivenFunctions
from pywats.sync.faces.objects.introspection import (
    is_awaitable,
    is_bare_context,
    is_builder,
    must_await,
)
from pywats.sync.faces.objects.own_loop import run_off_the_loop, starts_loop
from pywats.sync.faces.repeatable import may_repeat

if TYPE_CHECKING:
    from opentelemetry.util.types import Attributes

    from pywats.sync.engine.engine import Engine

__all__ = ["Family", "Outcome", "SpanAttributes"]

logger = logging.getLogger("pywats.sync")

F = TypeVar("F")

SpanAttributes = Callable[
    [str, tuple[Any, ...], Mapping[str, Any]], Mapping[str, AttributeValue] | None
]
"""Function of a method's name and arguments that returns attributes for the span of the call."""


_Given = tuple[str, tuple[Any, ...], Mapping[str, Any]]


@dataclass(slots=True, eq=False)
class Outcome:
    """The result of a method that can be used in more than one way.

    Attributes:
        source: The object that the method returned.
        again: Calls the method again, for another attempt.
        use: How the caller uses the result.
        value: The result of awaiting the source, if the use is ``other``.
    """

    source: Any
    again: Callable[[], Any]
    use: Use
    value: Any = None


class Family(Generic[F]):
    """The engine, the span attributes and the existing faces of a group of faces.

    It is generic in the class of the faces, to avoid an import cycle.

    Args:
        engine: Runs the calls.
        span_attributes: Returns the attributes of the calls' spans.
        automatic: The face class for objects with async members if none is declared; None leaves
            these objects as they are.
        future: The face class for futures.

    Attributes:
        callbacks: The wrapper functions of callbacks that were passed to the objects.
        given: The async functions that were passed to the objects.
        repeatable: A class, and which methods of its instances may run twice.
    """

    def __init__(
        self,
        engine: Engine,
        span_attributes: SpanAttributes | None,
        automatic: type[F] | None,
        future: type[F] | None,
    ) -> None:
        self.engine = engine
        self.span_attributes = span_attributes
        self.automatic = automatic
        self.future = future
        self.repeatable: tuple[type, frozenset[str] | Callable[[str], bool]] = (object, frozenset())
        # Weak values: the async object keeps the wrapper function, and the wrapper the callback.
        self.callbacks: WeakValueDictionary[Hashable, Callable[..., Any]] = WeakValueDictionary()
        self.given = GivenFunctions()
        self._faces: WeakValueDictionary[int, F] = WeakValueDictionary()
        # Plain functions that have returned an awaitable before: from the second call on they are
        # called like coroutine functions.
        self._awaited: set[tuple[type, str]] = set()

    def reconfigured(self, engine: Engine) -> Family[F]:
        """Return a family with another engine and without faces."""
        family = Family(engine, self.span_attributes, self.automatic, self.future)
        family.repeatable = self.repeatable
        return family

    def adopt(self, wrapped: object, face: F) -> None:
        """Store the face of an object."""
        self._faces[id(wrapped)] = face

    def face(self, wrapped: object) -> F | None:
        """Return the face of an object; None if it does not have one."""
        return self._faces.get(id(wrapped))

    def call_method(
        self,
        name: str,
        key: tuple[type, str],
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> Any:
        """Call a function, and await its result if it is awaitable.

        If the result is awaited, the call has a span, limits and retries. A retry calls the
        function again, because a coroutine can be awaited only once.

        Args:
            name: Name of the call in spans.
            key: Class and method name, to remember whether the method returns awaitables.
            function: The function.
            args: Positional arguments of the function.
            kwargs: Keyword arguments of the function.

        Returns:
            The result, or an `Outcome` if the result can also be entered, iterated over or
            extended by method calls.
        """
        start = functools.partial(function, *args, **kwargs)
        given = (key[1], args, kwargs)
        again = functools.partial(self._may_repeat, key, function)
        if inspect.iscoroutinefunction(function):
            return self._run_attempts(name, start, [], given, again)
        if inspect.isasyncgenfunction(function):
            return start()
        if starts_loop(function):
            return run_off_the_loop(start)
        if key in self._awaited:
            return self._run_attempts(name, functools.partial(_await, start), [], given, again)
        made = self.engine.run_plain(name, start)
        if not is_awaitable(made):
            return Outcome(made, start, "with") if is_bare_context(type(made)) else made
        outcome = Outcome(made, start, _use(made))
        if outcome.use != "other":
            return outcome
        unused = [made]

        async def attempt() -> Any:
            outcome.source = result = unused.pop() if unused else start()
            return await result if is_awaitable(result) else result

        outcome.value = self._run_attempts(name, attempt, unused, given, again)
        if can_do_more(made):
            return outcome
        self._awaited.add(key)
        return outcome.value

    def _run_attempts(
        self,
        name: str,
        start: Callable[[], Awaitable[Any]],
        unused: list[Any],
        given: _Given,
        may_repeat: Callable[[], bool],
    ) -> Any:
        try:
            return self.engine.run(
                name, start, may_repeat=may_repeat, attributes=self.attributes(*given)
            )
        finally:
            for each in unused:
                close = getattr(each, "close", None)
                if must_await(each) and close is not None:
                    close()

    def _may_repeat(self, key: tuple[type, str], function: object) -> bool:
        of, rule = self.repeatable
        kind, method = key
        # The names apply to the wrapped object only; derived objects may have methods of that name.
        return may_repeat(rule if callable(rule) or kind is of else frozenset(), method, function)

    def attributes(
        self, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Attributes:
        """Return the span attributes from the user's hook."""
        if self.span_attributes is None:
            return None
        try:
            given = self.span_attributes(method, args, kwargs)
            return given and {
                name: escape_surrogates(value) if isinstance(value, str) else value
                for name, value in given.items()
            }
        except Exception as error:
            if raised_by_signal_handler(error):
                raise
            log_safely(
                logger,
                logging.ERROR,
                "span_attributes failed for %s; the call goes on without",
                method,
                exc_info=True,
            )
            return None


def can_do_more(awaitable: object) -> bool:
    """Tell whether an awaitable can also be entered, iterated over or extended by method calls."""
    kind = type(awaitable)
    return hasattr(kind, "__aenter__") or hasattr(kind, "__aiter__") or is_builder(kind)


def _use(awaitable: object) -> Use:
    if is_builder(type(awaitable)) and hasattr(type(awaitable), attribute_of_result() or "_"):
        return "attribute"
    if not can_do_more(awaitable):
        return "other"
    use = use_of_result()
    method = {"with": "__aenter__", "for": "__aiter__"}.get(use, "")
    return use if hasattr(type(awaitable), method) else "other"


async def _await(start: Callable[[], Any]) -> Any:
    result = start()
    return await result if is_awaitable(result) else result
