"""Call methods, read attributes and start iterations of an async object."""

from __future__ import annotations

import functools
import inspect
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from pywats.sync.faces.crossing.errors import prepare
from pywats.sync.faces.crossing.inward import Proxy
from pywats.sync.faces.family import Family, Outcome
from pywats.sync.faces.objects.functions import own_methods, stand_for
from pywats.sync.faces.objects.introspection import is_future, is_method, must_await

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from pywats.sync.faces.crossing.context_manager import SyncContext
    from pywats.sync.faces.crossing.outward import Outward

__all__ = ["MemberCalls", "set_state"]


class MemberCalls(Proxy):
    """Base of faces: calls methods, reads attributes and starts iterations of the object."""

    _family: Family[Any]
    _outward: Outward
    _faces: Any
    _begun: bool

    if TYPE_CHECKING:

        @classmethod
        def _derived(
            cls, wrapped: Any, family: Family[Any], faces: Any, name: str | None
        ) -> Self: ...

    def _iterate(self) -> Generator[Any, Any, None]:
        wrapped: Any = self._wrapped
        return self._iterate_over("iter", wrapped)

    def _iterate_over(self, attribute: str, iterable: Any) -> Generator[Any, Any, None]:
        # On the thread of the loop, like all code of the object.
        start = functools.partial(aiter, iterable)
        iterator = self._family.engine.run_plain(self._outward.span(attribute), start)
        # Do not close an object that is its own iterator: it may be iterated over again.
        step = "next" if attribute == "iter" else attribute
        return self._outward.generator(step, iterator, close=iterator is not self._wrapped)

    def _call_method(
        self,
        attribute: str,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        args = tuple(map(self._outward.inward, args))
        kwargs = {name: self._outward.inward(each) for name, each in kwargs.items()}
        key = (type(self._wrapped), attribute)
        try:
            result = self._family.call_method(
                self._outward.span(attribute), key, function, args, kwargs
            )
            if isinstance(result, Outcome):
                return self._used(attribute, result, args, kwargs)
            if self._outward.is_decorator(result, args, kwargs):
                return self._bound(f"{attribute}.{result.__name__}", result)
            return self._outward(attribute, result, args, kwargs)
        except BaseException as error:
            del args, kwargs
            prepare(error)
            raise

    def _used(
        self, attribute: str, outcome: Outcome, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return the value for the caller of a result that can be used in more than one way."""
        source = outcome.source
        if outcome.use == "with":
            return self._outward.context(attribute, source, outcome.again)
        if outcome.use == "for":
            return self._iterate_over(attribute, source)
        if outcome.use == "attribute":
            return self._outward(attribute, source, args, kwargs)
        result = self._outward(attribute, outcome.value, args, kwargs)
        if isinstance(result, MemberCalls):
            if outcome.value is source:
                set_state(result, _begun=True)
            elif hasattr(type(source), "__aiter__") and not hasattr(type(result), "__iter__"):
                _make_iterable(result, lambda: self._iterate_over(attribute, outcome.again()))
        return result

    def _read(self, attribute: str) -> Any:
        """Read an attribute of the object; if it must be awaited, make a call."""
        value = getattr(self._wrapped, attribute)
        own = self._outward.caller_s_own(value)
        if own is not None:
            return own
        if is_method(value, of=self._wrapped):
            return self._bound(attribute, value)
        if not must_await(value) or (
            is_future(value) and attribute in getattr(self._wrapped, "__dict__", {})
        ):
            return self._outward(attribute, value)
        made = [value]

        def read() -> Any:
            return made.pop() if made else getattr(self._wrapped, attribute)

        return self._call_method(attribute, read, (), {})

    def _bound(self, attribute: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that calls a method, or a function that a method has returned.

        The attribute of the latter is ``method.function``.
        """

        def method(*args: Any, **kwargs: Any) -> Any:
            try:
                return self._call_method(attribute, function, args, kwargs)
            except BaseException:
                # The arguments may be credentials, and error trackers show variables of frames.
                del args, kwargs
                raise

        if "." not in attribute:
            method.__self__ = self  # type: ignore[attr-defined]  # like a bound method
        # update_wrapper fails if __name__ is not a string, as with mocks; ignore.
        with suppress(TypeError):
            functools.update_wrapper(method, function)
        stand_for(method, function)
        # For example cache_clear() of a method with a cache.
        for name in own_methods(function):
            setattr(method, name, self._bound(f"{attribute}.{name}", getattr(function, name)))
        return method

    def _start(self, attribute: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call a method without awaiting; return its result and a function that calls it again."""
        start = functools.partial(
            getattr(self._wrapped, attribute),
            *map(self._outward.inward, args),
            **{name: self._outward.inward(each) for name, each in kwargs.items()},
        )
        return self._family.engine.run_plain(self._outward.span(attribute), start), start

    def _awaited(self) -> Any:
        """Await the object, unless it was awaited before."""
        if self._begun:
            return self
        wrapped: Any = self._wrapped

        async def wait() -> Any:
            return await wrapped

        try:
            result = self._family.engine.run(self._outward.span("await"), wait, repeatable=False)
        except BaseException as error:
            prepare(error)
            raise
        set_state(self, _begun=result is wrapped)
        return self._outward("await", result)

    def _unawaited(
        self,
        attribute: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        otherwise: type[MemberCalls],
    ) -> Any:
        """Return the face of a method's result without awaiting the result."""
        made, _ = self._start(attribute, args, kwargs)
        if inspect.iscoroutine(made):
            made.close()
            raise TypeError(f"{attribute} returns a coroutine, which can only be awaited: call it")
        result = self._outward(attribute, made)
        if result is made and hasattr(type(made), "__await__"):
            return otherwise._derived(made, self._family, self._faces, None)  # noqa: SLF001 - its own class
        return result

    def _entering(
        self, attribute: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> SyncContext:
        """Return a context manager for a method's result, even if it can also be awaited."""
        manager, again = self._start(attribute, args, kwargs)
        if not hasattr(type(manager), "__aenter__"):
            if inspect.iscoroutine(manager):
                manager.close()
            raise TypeError(
                f"{attribute} returns a {type(manager).__qualname__}, which is not an async "
                "context manager"
            )
        return self._outward.context(attribute, manager, again)


def set_state(face: MemberCalls, **state: object) -> None:
    """Set attributes of a face itself."""
    # Bypass SyncFace.__setattr__, which forwards to the wrapped object.
    face.__dict__.update(state)


def _make_iterable(face: MemberCalls, iterate: Callable[[], Generator[Any, Any, None]]) -> None:
    """Make a face iterable: it iterates over the awaitable that its object came from."""
    kind = type(face)
    members = {"__iter__": lambda self: self.__dict__["_iterates"](), "__module__": kind.__module__}
    set_state(face, _iterates=iterate)
    object.__setattr__(face, "__class__", type(kind.__name__, (kind,), members))
