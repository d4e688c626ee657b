"""Collect the import statements of a stub."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from pywats.sync.stubs.source.names import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Imports"]


class Imports:
    """The imports of a stub, each name once.

    Args:
        module: Full name of the module that the stub describes.

    Attributes:
        left_async: Async classes in results that do not have a face.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._local: dict[Origin, str] = {}
        self._submodules: set[str] = set()
        self._taken: set[str] = set(dir(builtins))
        self._members: set[str] = set()
        self.left_async: set[type] = set()

    def reserve_members(self, names: Iterable[str]) -> None:
        """Reserve the names of members, which hide names of the module in the body of a class."""
        self._members.update(names)
        self._taken.update(names)

    def is_member(self, name: str) -> bool:
        """Tell whether the name is the name of a member."""
        return name in self._members

    def reserve(self, name: str) -> None:
        """Reserve a name for a class that the stub defines."""
        self._taken.add(name)

    def name(self, origin: Origin, preferred: str) -> str:
        """Return the name of an object in the stub; import the object if necessary.

        Args:
            origin: Module and attribute of the object.
            preferred: The name to use unless it is taken.
        """
        if origin.module == self._module and origin.attribute is not None:
            return origin.attribute
        if origin not in self._local:
            name, number = preferred, 1
            while name in self._taken:
                number += 1
                name = f"{preferred}_{number}"
            self._taken.add(name)
            self._local[origin] = name
        return self._local[origin]

    def known(self, origin: Origin) -> str | None:
        """Return the name of an object in the stub; None if it is not imported yet."""
        return self._local.get(origin)

    def class_name(self, of: type) -> str:
        """Return the name of a class in the stub; import its outermost enclosing class."""
        outermost, dot, inner = of.__qualname__.partition(".")
        return self.name(Origin(of.__module__, outermost), outermost) + dot + inner

    def submodules(self, names: set[str]) -> None:
        """Import modules that are used through the name of their package."""
        self._submodules |= names

    def lines(self) -> list[str]:
        """Return the import statements in a stable order."""
        modules = [f"import {name}" for name in self._submodules]
        names: dict[str, list[str]] = {}
        for origin, local in self._local.items():
            if origin.attribute is None:
                suffix = "" if local == origin.module else f" as {local}"
                modules.append(f"import {origin.module}{suffix}")
            else:
                suffix = "" if local == origin.attribute else f" as {local}"
                names.setdefault(origin.module, []).append(f"{origin.attribute}{suffix}")
        found = [_from(module, sorted(each)) for module, each in sorted(names.items())]
        return [*sorted(modules), *found]


def _from(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= 100:  # noqa: PLR2004 - the line length of this project
        return line
    listed = "".join(f"    {name},\n" for name in names)
    return f"from {module} import (\n{listed})"
