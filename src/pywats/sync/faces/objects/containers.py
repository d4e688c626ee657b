"""Replace objects inside lists, tuples, dicts and sets, but not inside other containers."""

from __future__ import annotations

import copy
from collections import OrderedDict, defaultdict, deque
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["is_container", "leaf_types", "replace_inside"]

_KEYS: Final[type] = type({}.keys())
_VALUES: Final[type] = type({}.values())
_ITEMS: Final[type] = type({}.items())
_MAPPINGS: Final = (dict, OrderedDict, defaultdict, MappingProxyType)
_SEQUENCES: Final = (list, tuple, set, frozenset, deque, _KEYS, _VALUES, _ITEMS)


_known: WeakKeyDictionary[type, bool] = WeakKeyDictionary()


def is_container(kind: type) -> bool:
    """Tell whether a class is a built-in container, a subclass of one, or a named tuple.

    Other subclasses of tuple are excluded, because they may not be constructible from their items.
    """
    found = _known.get(kind)
    if found is None:
        found = _known[kind] = (
            kind in _MAPPINGS
            or kind in _SEQUENCES
            or issubclass(kind, list | dict | set | deque)
            or (issubclass(kind, tuple) and hasattr(kind, "_make"))
        )
    return found


def leaf_types(value: object, look_into: Callable[[type], bool] = is_container) -> set[type]:
    """Return the classes of the objects inside a container, and inside containers within it.

    A query may return thousands of rows, so this only checks classes, level by level.

    Args:
        value: The container.
        look_into: Returns whether a class is a container class.
    """
    leaves: set[type] = set()
    seen = {id(value)}
    level: list[Any] = list(_items(value))
    while level:
        kinds = set(map(type, level))
        containers = {kind for kind in kinds if look_into(kind)}
        leaves |= kinds - containers
        if not containers:
            break
        inner = {id(each): each for each in level if type(each) in containers}
        fresh = [each for key, each in inner.items() if key not in seen]
        seen.update(inner)
        level = list(chain.from_iterable(map(_items, fresh)))
    return leaves


def _items(container: Any) -> Iterable[Any]:
    if isinstance(container, dict | MappingProxyType):
        return chain(container.keys(), container.values())
    items: Iterable[Any] = container
    return items


def replace_inside(
    value: Any,
    replace: Callable[[Any], Any],
    look_into: Callable[[type], bool] = is_container,
) -> Any:
    """Return a copy of a container with objects replaced, or the same container if none is.

    The given containers are not changed.

    Args:
        value: The container.
        replace: Returns the replacement of an object, or the object itself.
        look_into: Returns whether a class is a container class.
    """
    return _Replacement(replace, look_into).of(value)


class _Replacement:
    def __init__(self, replace: Callable[[Any], Any], look_into: Callable[[type], bool]) -> None:
        self._replace = replace
        self._look_into = look_into
        # By id, so that a container that contains itself does not cause infinite recursion.
        self._done: dict[int, Any] = {}

    def of(self, value: Any) -> Any:
        if not self._look_into(type(value)):
            return self._replace(value)
        key = id(value)
        if key not in self._done:
            self._done[key] = value
            self._done[key] = self._copied(value)
        return self._done[key]

    def _copied(self, value: Any) -> Any:
        if isinstance(value, dict | MappingProxyType):
            pairs = [(self.of(key), self.of(each)) for key, each in value.items()]
            same = all(
                new_key is key and new is old
                for (new_key, new), (key, old) in zip(pairs, value.items(), strict=True)
            )
            return value if same else _mapping(value, pairs)
        old_items = list(value)
        items = [self.of(each) for each in old_items]
        if all(new is old for new, old in zip(items, old_items, strict=True)):
            return value
        return _sequence(value, items)


def _mapping(value: Any, pairs: list[tuple[Any, Any]]) -> Any:
    if isinstance(value, MappingProxyType):
        return MappingProxyType(dict(pairs))
    copied = copy.copy(value)
    dict.clear(copied)
    for key, each in pairs:
        dict.__setitem__(copied, key, each)
    return copied


def _sequence(value: Any, items: list[Any]) -> Any:
    kind = type(value)
    if kind is _KEYS:
        return dict.fromkeys(items).keys()
    if kind is _VALUES:
        return dict(enumerate(items)).values()
    if kind is _ITEMS:
        return dict(items).items()
    if kind in {tuple, frozenset}:
        return kind(items)
    if isinstance(value, tuple):
        return kind._make(items)
    copied = copy.copy(value)
    copied.clear()
    (set.update if isinstance(value, set) else kind.extend)(copied, items)
    return copied
