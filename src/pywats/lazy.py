"""Names of a module that are imported when they are first used (PEP 562).

Most programs use one or two of the nine services, and building the models of all
of them takes several times as long as importing httpx, pydantic and OpenTelemetry.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["lazily"]


def lazily(
    module: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` for a module.

    Hide them from type checkers, which would take any name to exist.

    Args:
        module: Name of the module.
        homes: For each module that has some of the names, these names, parted by spaces.
    """
    found_in = {name: home for home, names in homes.items() for name in names.split()}
    own = vars(sys.modules[module])

    def get(name: str) -> Any:
        if name not in found_in:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        try:
            home = import_module(found_in[name])
        except Exception as error:
            # Ctrl-C while pydantic makes a model: it raises a SchemaError that holds no more of the
            # interrupt than its name.
            if "KeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from error
            raise
        own[name] = value = getattr(home, name)
        return value

    def names() -> list[str]:
        return sorted({*own, *found_in})

    return get, names
