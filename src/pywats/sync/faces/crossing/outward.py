"""Convert results, attributes and items of an async object to values for its caller."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator, Iterator, Mapping
from types import FunctionType, GeneratorType
from typing import TYPE_CHECKING, Any, TypeGuard

from pywats.sync.faces.crossing.batches import Batches
from pywats.sync.faces.crossing.callbacks import inward_callback, original_of
from pywats.sync.faces.crossing.context_manager import SyncContext
from pywats.sync.faces.crossing.inward import Proxy, inward
from pywats.sync.faces.crossing.iteration import iterate
from pywats.sync.faces.objects.containers import is_container, leaf_types, replace_inside
from pywats.sync.faces.objects.functions import FUNCTIONS, name_of
from pywats.sync.faces.objects.introspection import (
    has_async_members,
    is_async_class,
    is_awaitable,
    is_bare_context,
    is_bare_iterator,
    is_future,
    is_future_class,
    is_iterator,
    makes_coroutines,
    may_have_async_members,
    package_of,
)
from pywats.sync.faces.objects.iterators import iterates

if TYPE_CHECKING:
    from pywats.sync.faces.family import Family

__all__ = ["Outward"]


class Outward:
    """Wraps results, attributes and items of one async object.

    Args:
        family: The engine and the existing faces.
        name: Name of the object in spans.
        wrapped: The object.
        faces: Face classes by class of object, or a function that returns the face class.
        kind: The class of the object's own face.
    """

    def __init__(
        self,
        family: Family[Any],
        name: str,
        wrapped: object,
        faces: Mapping[type, Any] | Callable[[Any], Any],
        kind: Any,
    ) -> None:
        self._family = family
        self._name = name
        self._wrapped = wrapped
        self._faces = faces
        self._kind = kind
        self._package = package_of(wrapped if isinstance(wrapped, type) else type(wrapped))

    def inward(self, value: Any) -> Any:
        """Return the value that the object gets for an argument, which may be a callback."""
        if isinstance(value, FUNCTIONS) and makes_coroutines(value):
            owner = getattr(value, "__self__", None)
            if owner is not self._wrapped and self._family.face(owner) is None:
                self._family.given.add(value)
        return inward_callback(value, self._package, self.face_of, self._family.callbacks)

    def face_of(self, value: Any) -> Any:
        """Return the face of an object that did not come from a method, such as an argument.

        A value without a face, such as a coroutine or a future, is returned as it is.
        """
        if value is None or isinstance(value, str | int | float | bytes | Proxy):
            return value
        if value is self._wrapped:
            return self._own_face()
        if isinstance(value, FUNCTIONS):
            return self._function("callback", value)
        face, declared = self._declared(value)
        if face is None and not declared and not is_awaitable(value):
            automatic = self._family.automatic
            if automatic is not None and has_async_members(value, of=self._wrapped):
                face = automatic
        return value if face is None else self._face(value, face)

    def __call__(
        self,
        attribute: str,
        value: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
        again: Callable[[], Any] | None = None,
    ) -> Any:
        """Return the value that the caller gets for a value of the object.

        Args:
            attribute: The method or attribute that the value comes from.
            value: The value.
            args: Positional arguments of the call.
            kwargs: Keyword arguments of the call.
            again: Calls the method again; None if it cannot be called again.

        Raises:
            TypeError: The value is a coroutine, which would never be awaited.
        """
        if value is None or isinstance(value, str | int | float | bytes | Proxy):
            return value
        if value is self._wrapped:
            return self._own_face()
        if isinstance(value, FUNCTIONS):
            return self._function(attribute, value)
        kind = type(value)
        if self._looks_into(kind):
            return self._inside(attribute, value)
        face, declared = self._declared(value)
        if face is not None:
            return self._face(value, face)
        if inspect.iscoroutine(value):
            raise self._unawaited(attribute, value)
        automatic = None if declared else self._family.automatic
        iterator = is_iterator(kind) and (automatic is None or is_bare_iterator(kind))
        if iterator or isinstance(value, Batches):
            attributes = self._family.attributes(attribute, args, kwargs or {})
            return self.generator(attribute, value, attributes)
        if is_bare_context(kind):
            return self.context(attribute, value, again)
        automatic = self._family.future if is_future(value) and not declared else automatic
        if automatic is not None and has_async_members(value, of=self._wrapped):
            return self._face(value, automatic)
        plain = issubclass(kind, Iterator) and kind.__module__ in {"builtins", "itertools"}
        return self._items(attribute, value) if plain else value

    def _own_face(self) -> Any:
        """Return the face of the object; a new face if the old one was garbage-collected."""
        face = self._family.face(self._wrapped)
        if face is None:
            face = self._kind._derived(self._wrapped, self._family, self._faces, self._name)  # noqa: SLF001 - its own package
        return face

    def caller_s_own(self, value: Any) -> Any:
        """Return the caller's function that a value is or wraps; None for other values."""
        if not isinstance(value, FUNCTIONS):
            return None
        own = original_of(value) if isinstance(value, FunctionType) else value
        return own if own is not value or own in self._family.given else None

    def is_decorator(
        self, value: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> TypeGuard[FunctionType]:
        """Tell whether a result is a plain function, such as a decorator, that the object made.

        If an argument is a function, the result is the caller's own function, decorated.

        Args:
            value: What a method returned.
            args: Positional arguments of the call.
            kwargs: Keyword arguments of the call.
        """
        return (
            type(value) is FunctionType
            and "<locals>" in value.__qualname__
            and value.__module__.partition(".")[0] == self._package
            and not any(map(callable, (*args, *kwargs.values())))
            and not makes_coroutines(value)
            and self.caller_s_own(value) is None
        )

    def _function(self, attribute: str, function: Any) -> Any:
        """Return the caller's own function as it is, and a plain function for an async function."""
        own = self.caller_s_own(function)
        if own is not None or not makes_coroutines(function):
            return function if own is None else own
        name = name_of(function)
        owner = getattr(function, "__self__", self._wrapped)
        face: Any = self.face_of(owner)
        if face is owner:
            owner, face = self._wrapped, self._own_face()
        method = getattr(owner, name, None) == function
        return face._bound(name if method else f"{attribute}.{name}", function)  # noqa: SLF001 - its own package

    def _face(self, value: Any, face: Any) -> Any:
        known = self._family.face(value)
        if isinstance(known, face):
            return known
        # An instance of a wrapped class gets the name of the wrapped class.
        named = isinstance(self._wrapped, type) and isinstance(value, self._wrapped)
        name = self._name if named else None
        return face._derived(value, self._family, self._faces, name)  # noqa: SLF001 - its own package

    def generator(
        self, attribute: str, iterator: Any, attributes: Any = None, *, close: bool = True
    ) -> Generator[Any, Any, None]:
        """Return a generator over the items of an async iterator."""
        outward = functools.partial(self, attribute)
        name = self.span(attribute)
        # Any: __name__ of generators is missing in typeshed.
        made: Any = iterate(self._family.engine, name, iterator, outward, attributes, close=close)
        made.__name__ = made.__qualname__ = name  # for repr() and help()
        iterates(made, iterator)
        named: Generator[Any, Any, None] = made
        return named

    def context(
        self, attribute: str, manager: Any, again: Callable[[], Any] | None = None
    ) -> SyncContext:
        """Return a synchronous context manager for an async context manager."""
        return SyncContext(self._family.engine, self.span(attribute), manager, self, again=again)

    def span(self, attribute: str) -> str:
        """Return the name of the spans of a method."""
        return f"{self._family.engine.span_prefix}{self._name}.{attribute}"

    def _declared(self, value: Any) -> tuple[Any, bool]:
        if callable(self._faces):
            return self._faces(value), True
        for kind in type(value).__mro__:
            if kind in self._faces:
                return self._faces[kind], True
        return None, False

    def _looks_into(self, kind: type) -> bool:
        return is_container(kind) and not is_async_class(kind)

    def _inside(self, attribute: str, container: Any) -> Any:
        if not any(map(self._may_change, leaf_types(container, self._looks_into))):
            return container
        return replace_inside(container, functools.partial(self, attribute), self._looks_into)

    def _may_change(self, kind: type) -> bool:
        if callable(self._faces):
            return not issubclass(kind, str | int | float | bytes)
        return (
            (may_have_async_members(kind) and self._may_need_face(kind))
            or issubclass(kind, FUNCTIONS)
            or issubclass(kind, Iterator)
            or kind.__name__ in {"coroutine", "async_generator"}
            or any(each in self._faces for each in kind.__mro__)
        )

    def _may_need_face(self, kind: type) -> bool:
        # A result may contain thousands of models. If faces are declared, their class alone shows
        # that models do not need a face.
        return (
            self._family.automatic is not None
            or kind is type(self._wrapped)
            or is_iterator(kind)
            or is_bare_context(kind)
            or is_future_class(kind)
            or issubclass(kind, Batches)
        )

    def _items(self, attribute: str, iterator: Any) -> Generator[Any, Any, Any]:
        """Yield the converted items of a plain iterator."""
        step = functools.partial(next, iterator)
        while True:
            try:
                item = step()
            except StopIteration as stop:
                return stop.value
            try:
                sent = yield self(attribute, item)
            except GeneratorExit:
                if isinstance(iterator, GeneratorType):
                    iterator.close()
                raise
            except BaseException as error:
                if not isinstance(iterator, GeneratorType):
                    raise
                step = functools.partial(iterator.throw, error)
            else:
                step = functools.partial(next, iterator)
                if sent is not None:
                    step = functools.partial(iterator.send, inward(sent))

    def _unawaited(self, attribute: str, coroutine: Any) -> TypeError:
        coroutine.close()
        return TypeError(
            f"{self.span(attribute)} returned the coroutine {coroutine.__qualname__}, which nothing"
            " would await. A face awaits what a method returns, once. Await the rest where the "
            "coroutine is made, or in a coroutine function of yours that you wrap"
        )
