"""Classify async objects, their attributes and their results."""

from __future__ import annotations

import enum
import functools
import inspect
import re
import sys
from typing import TYPE_CHECKING, Any, Self, TypeVar, get_origin
from weakref import WeakKeyDictionary

from pywats.sync.faces.objects.containers import leaf_types
from pywats.sync.faces.objects.references import defines_coroutine, references

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

__all__ = [
    "has_async_members",
    "is_async_class",
    "is_awaitable",
    "is_bare_context",
    "is_bare_iterator",
    "is_builder",
    "is_future",
    "is_future_class",
    "is_iterator",
    "is_method",
    "makes_coroutines",
    "may_have_async_members",
    "must_await",
    "package_of",
]

T = TypeVar("T")

# The members of coroutines and async generators, besides those that begin with an underscore.
_OF_COROUTINES = frozenset({"send", "throw", "close", "asend", "athrow", "aclose"})
_OF_FRAMES = ("_", "cr_", "gi_", "ag_")
_PROTOCOLS = ("__aenter__", "__aiter__", "__anext__", "__await__")
_ASYNC_TYPES = re.compile(
    r"\b(Async(Context|Exit|Gen|Iter)\w+|AbstractAsync\w+|Awaitable|Coroutine|Future|Task)\b"
)
# Modules of the standard library whose objects may need a face.
_ASYNC_MODULES = frozenset({"asyncio", "_asyncio", "contextlib", "types"})


def _remembered(question: Callable[[type], T]) -> Callable[[type], T]:
    """Cache a function of classes, with weak references to the classes."""
    known: WeakKeyDictionary[type, T] = WeakKeyDictionary()

    @functools.wraps(question)
    def ask(kind: type) -> T:
        found = known.get(kind)
        if found is None:
            found = known[kind] = question(kind)
        return found

    return ask


def must_await(value: object) -> bool:
    """Tell whether a value is useful only when it is awaited.

    True for a coroutine or a future. False for a client that can be awaited and also has other
    methods.
    """
    if inspect.iscoroutine(value):
        return True
    return inspect.isawaitable(value) and (is_bare(type(value)) or is_future(value))


def is_awaitable(value: object) -> bool:
    """Tell whether a value can be awaited; it may have other methods too."""
    return inspect.isawaitable(value)


def is_future(value: object) -> bool:
    """Tell whether a value is a future of asyncio or of a library with its own futures."""
    return is_future_class(type(value))


def is_future_class(kind: type) -> bool:
    """Tell whether instances are futures."""
    # asyncio.isfuture() checks the same attribute.
    return getattr(kind, "_asyncio_future_blocking", None) is not None


@_remembered
def is_iterator(kind: type) -> bool:
    """Tell whether instances are async iterators; they may have other methods too."""
    return hasattr(kind, "__anext__")


@_remembered
def is_bare_iterator(kind: type) -> bool:
    """Tell whether instances are async iterators and nothing else, as async generators are."""
    return is_iterator(kind) and not hasattr(kind, "__aenter__") and is_bare(kind)


@_remembered
def is_bare_context(kind: type) -> bool:
    """Tell whether instances are only async context managers, as with asynccontextmanager."""
    return hasattr(kind, "__aenter__") and not hasattr(kind, "__aiter__") and is_bare(kind)


@_remembered
def is_bare(kind: type) -> bool:
    """Tell whether instances have only the methods of protocols, as coroutines have."""
    return all(name in _OF_COROUTINES or name.startswith(_OF_FRAMES) for name in dir(kind))


@_remembered
def is_builder(kind: type) -> bool:
    """Tell whether awaitable instances have methods that return the same class: query builders.

    An attribute that is read from a builder is an attribute of the builder, not of its awaited
    result. A class that can be entered is not a builder: a connection starts when it is awaited.
    """
    if hasattr(kind, "__aenter__") or not hasattr(kind, "__await__") or is_bare(kind):
        return False
    return any(
        not name.startswith("_") and inspect.isfunction(member) and _returns_own_kind(member, kind)
        for each in kind.__mro__
        for name, member in vars(each).items()
    )


def _returns_own_kind(method: FunctionType, kind: type) -> bool:
    annotations = method.__annotations__
    returned = annotations.get("return")
    if isinstance(returned, str):
        name = returned.strip("'\"").partition("[")[0].rpartition(".")[2]
        own = {each.__name__ for each in kind.__mro__[:-1]}
        return name in {"Self", *own} or returned == annotations.get("self")
    if isinstance(returned, TypeVar):
        return returned is annotations.get("self")
    origin = get_origin(returned) or returned
    return origin is Self or (isinstance(origin, type) and origin in kind.__mro__[:-1])


@_remembered
def may_have_async_members(kind: type) -> bool:
    """Tell whether instances may need a face; plain data and exceptions never need one."""
    if issubclass(kind, BaseException | enum.Enum | type):
        return False
    package = package_of(kind)
    return package in _ASYNC_MODULES or (
        package != "builtins" and package not in sys.stdlib_module_names
    )


def has_async_members(value: object, *, of: object = None) -> bool:
    """Tell whether an object needs a synchronous face.

    It does if its class has async members, or if its methods return objects with async members
    according to their annotations or code. It does too if one of its attributes is a coroutine
    function, or an object with async members from its own package, as in a namespace of a client.

    Args:
        value: The object.
        of: The object that has ``value`` as an attribute. Modules and classes inside a wrapped
            module or class need a face too, because they create the async objects.
    """
    if inspect.ismodule(value):
        return inspect.ismodule(of) and _package_name(value) == _package_name(of)
    if isinstance(value, type):
        return (inspect.ismodule(of) or isinstance(of, type)) and _is_client_class(value)
    kind = type(value)
    if not may_have_async_members(kind):
        return False
    if is_async_class(kind) or _hands_out_async(kind):
        return True
    return _holds_async(value)


def is_method(value: object, *, of: object) -> bool:
    """Tell whether an attribute of an object is called through the face, like a method.

    False for a plain function that is only stored in the object, such as a callback.
    """
    if isinstance(value, functools.partial) or makes_coroutines(value):
        return True
    if inspect.ismodule(of) or isinstance(of, type):
        return inspect.isroutine(value)
    itself = getattr(value, "__self__", None)
    return inspect.isroutine(value) and itself is not None and not inspect.ismodule(itself)


def package_of(kind: type) -> str:
    """Return the top-level package that defines a class."""
    return kind.__module__.partition(".")[0]


def _package_name(module: object) -> str:
    name: str = getattr(module, "__name__", "")
    return name.partition(".")[0]


def _is_client_class(kind: type) -> bool:
    return may_have_async_members(kind) and (is_async_class(kind) or _hands_out_async(kind))


def _holds_async(value: object) -> bool:
    """Tell whether an object needs a face because of the values of its attributes.

    Every result that is an object is asked, so this looks at the classes of all values at once.
    """
    package = package_of(type(value))
    held = [*getattr(value, "__dict__", {}).values()]
    held += [getattr(value, name, None) for name in _slots(type(value))]
    if any(is_async_class(kind) and package_of(kind) == package for kind in leaf_types(held)):
        return True
    functions = set(filter(_can_be_called, set(map(type, held))))
    return any(makes_coroutines(each) for each in held if type(each) in functions)


@_remembered
def _slots(kind: type) -> tuple[str, ...]:
    slots = [vars(each).get("__slots__", ()) for each in kind.__mro__]
    names = [name for each in slots for name in ((each,) if isinstance(each, str) else each)]
    return tuple(name for name in names if name not in {"__dict__", "__weakref__"})


@_remembered
def _can_be_called(kind: type) -> bool:
    return any("__call__" in vars(base) for base in kind.__mro__)


def makes_coroutines(function: object) -> bool:
    """Tell whether a function is, or wraps, a coroutine function or async generator function."""
    if not callable(function) or isinstance(function, type):
        return False
    # Most decorators set __wrapped__ on the function that they return. That function may be plain
    # around an async one, or async around a plain one that it runs in a thread.
    return _is_async_function(inspect.unwrap(function, stop=_is_async_function))


def _is_async_function(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


@_remembered
def is_async_class(kind: type) -> bool:
    """Tell whether a class has coroutine functions, or can be awaited, entered or iterated over."""
    if not may_have_async_members(kind):
        return False
    return any(hasattr(kind, name) for name in _PROTOCOLS) or any(
        makes_coroutines(getattr(member, "__func__", member))
        for base in kind.__mro__
        for member in list(vars(base).values())
    )


@_remembered
def _hands_out_async(kind: type) -> bool:
    """Tell whether methods of a class return objects with async members, as in a paginator.

    The annotations name an async class, or the code refers to one of the same package.
    """
    package = package_of(kind)
    for base in kind.__mro__:
        if package_of(base) != package:
            continue
        for name, member in list(vars(base).items()):
            if isinstance(member, type) and package_of(member) == package:
                if is_async_class(member):
                    return True
                continue
            function: Any = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if not inspect.isfunction(function) or (name[:1] == "_" and name != "__call__"):
                continue
            if defines_coroutine(function) or _returns_async(function):
                return True
            named = references(function, kind)
            if any(
                isinstance(each, type) and package_of(each) == package and is_async_class(each)
                for each in named
            ):
                return True
    return False


def _returns_async(function: Any) -> bool:
    annotation = function.__annotations__.get("return")
    if isinstance(annotation, str):
        try:
            # typing.get_type_hints would evaluate all annotations or none. eval() is safe here:
            # the annotation is source code of a module that is already imported.
            annotation = eval(annotation, function.__globals__)  # nosec B307  # noqa: S307
        except Exception:  # noqa: BLE001 - an annotation may be any expression
            # Its names are imported only for type checkers: search the text instead.
            return bool(_ASYNC_TYPES.search(annotation))
    origin = getattr(annotation, "__origin__", annotation)
    return isinstance(origin, type) and (
        (origin.__module__ == "collections.abc" and any(hasattr(origin, n) for n in _PROTOCOLS))
        or is_async_class(origin)
    )
