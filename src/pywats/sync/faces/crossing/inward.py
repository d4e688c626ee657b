"""Replace faces with their async objects in arguments and in exceptions."""

from __future__ import annotations

from contextlib import contextmanager
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from pywats.sync.faces.objects.containers import is_container, leaf_types, replace_inside
from pywats.sync.faces.objects.functions import FUNCTIONS, function_inside
from pywats.sync.faces.objects.iterators import iterator_inside

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Proxy", "inward", "inward_error"]


class Proxy:
    """Base of objects that represent another object; async objects get that other object."""

    _wrapped: Any


def inward(value: Any) -> Any:
    """Return the value that the async object gets for a value of the caller.

    A face is replaced with its object, a method of a face with the method of the object, and a
    generator of a face that has not begun with its async iterator. A list, tuple, dict or set that
    contains them is copied. Every other value stays the same.
    """
    if isinstance(value, Proxy):
        return value._wrapped  # noqa: SLF001 - its own package
    if isinstance(value, FUNCTIONS):
        return function_inside(value)
    if isinstance(value, GeneratorType):
        return iterator_inside(value)
    if is_container(type(value)) and any(issubclass(kind, _CROSSING) for kind in leaf_types(value)):
        return replace_inside(value, inward)
    return value


_CROSSING = (Proxy, GeneratorType, *FUNCTIONS)


@contextmanager
def inward_error(error: BaseException | None) -> Iterator[None]:
    """Replace the faces in an exception with their objects inside the ``with`` block.

    For example, psycopg compares the transaction in ``raise psycopg.Rollback(transaction)`` with
    its own object. The exception itself is not copied, because ``raise`` and ``except`` need the
    same object. Its faces are restored after the block.

    Args:
        error: The exception, or None; its causes, contexts and group members are included.
    """
    held: list[tuple[BaseException, str, Any, Any]] = []
    for each in _chain(error):
        for name, value in _attributes(each):
            replaced = inward(value)
            if replaced is not value:
                held.append((each, name, value, replaced))
    try:
        for each, name, _, replaced in held:
            _set(each, name, replaced)
        yield
    finally:
        for each, name, value, replaced in held:
            # Keep a value that the async object has set in the meantime.
            if dict(_attributes(each)).get(name) is replaced:
                _set(each, name, value)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions


def _attributes(error: BaseException) -> Iterator[tuple[str, Any]]:
    yield "args", error.args
    yield from list(vars(error).items())
    for kind in type(error).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name != "__dict__" and hasattr(error, name):
                yield name, getattr(error, name)


def _set(error: BaseException, name: str, value: Any) -> None:
    if name in vars(error):
        # Bypass __setattr__, which fails in a frozen dataclass.
        vars(error)[name] = value
    else:
        object.__setattr__(error, name, value)
