"""Import names of a module on first use (PEP 562).

Most programs use one or two of the nine services, and building the models of all services takes
several times as long as importing httpx, pydantic and OpenTelemetry.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from pywats.runtime.fork_gate import importing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["lazily", "lazy_property", "making_models"]

T = TypeVar("T")


class lazy_property(cached_property[T]):  # noqa: N801 - named like functools.cached_property
    """A `functools.cached_property` without a lock; a fork waits until the value is computed.

    On Python 3.11, the lock of `functools.cached_property` stays locked in a child that is forked
    during the first use. If several threads use this property first at the same time, each computes
    the value, and all get the same one.
    """

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...
    def __get__(self, instance: object, owner: type[Any] | None = None) -> Self | T:
        if instance is None:
            return self
        assert self.attrname is not None  # noqa: S101 - set when the class was made
        with importing():
            made = self.func(instance)
        value: T = vars(instance).setdefault(self.attrname, made)
        return value


@contextmanager
def making_models() -> Iterator[None]:
    """Delay forks of other threads, and raise Ctrl-C as it is, while pydantic builds a model.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed. Pydantic raises a SchemaError then, in which only the
            text "KeyboardInterrupt" is left.
    """
    try:
        with importing():
            yield
    except Exception as error:
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from error
        raise


def lazily(
    module: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` for a module.

    Hide them from type checkers, which would otherwise accept any name.

    Args:
        module: Name of the module.
        homes: For each defining module its names, separated by spaces. To export a submodule, map
            its full name to its own name.
    """
    found_in = {name: home for home, names in homes.items() for name in names.split()}
    own = vars(sys.modules[module])

    def get(name: str) -> Any:
        if name not in found_in:
            # With name and obj, Python suggests the name that may have been meant.
            raise AttributeError(
                f"module {module!r} has no attribute {name!r}", name=name, obj=sys.modules[module]
            )
        with making_models():
            home = import_module(found_in[name])
        is_submodule = found_in[name] == f"{module}.{name}"
        own[name] = value = home if is_submodule else getattr(home, name)
        return value

    def names() -> list[str]:
        return sorted({*own, *found_in})

    return get, names
