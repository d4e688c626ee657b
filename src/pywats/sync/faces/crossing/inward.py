"""Hand the async object what faces stand for, wherever the caller has put the faces."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pywats.sync.faces.objects.containers import is_container, leaf_types, replace_inside
from pywats.sync.faces.objects.functions import FUNCTIONS, function_inside

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Proxy", "inward", "inward_error"]


class Proxy:
    """Base of objects that stand for another object, which is the one to hand on."""

    _wrapped: Any


def inward(value: Any) -> Any:
    """Return what the async object gets in place of a value of the caller's.

    A face becomes its object, and a method of a face the method of the object. A list, tuple, dict
    or set with one inside becomes a copy with the other inside; every other value stays the same.
    """
    if isinstance(value, Proxy):
        return value._wrapped  # noqa: SLF001 - its own package
    if isinstance(value, FUNCTIONS):
        return function_inside(value)
    if is_container(type(value)) and any(issubclass(kind, _CROSSING) for kind in leaf_types(value)):
        return replace_inside(value, inward)
    return value


_CROSSING = (Proxy, *FUNCTIONS)


@contextmanager
def inward_error(error: BaseException | None) -> Iterator[None]:
    """Have an exception hold objects in place of their faces, inside the ``with`` block.

    ``raise psycopg.Rollback(transaction)`` is recognised by the transaction in it. The exception
    itself stays the same, as ``raise`` and ``except`` need it, and has its faces again afterwards.

    Args:
        error: The exception; its causes, contexts and group members count too. None for none.
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
            # What the object has put there meanwhile stays.
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
        # Bypass __setattr__, which a frozen dataclass refuses.
        vars(error)[name] = value
    else:
        object.__setattr__(error, name, value)
