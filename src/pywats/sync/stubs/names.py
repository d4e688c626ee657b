"""What the names in a module's source stand for, and how a stub imports them."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pywats.sync.stubs.branches import defined, statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

__all__ = ["Definition", "Imports", "Origin", "Source", "definition_of", "source_of"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a name comes from.

    Attributes:
        module: The module.
        attribute: Its attribute; None if the name stands for the module itself.
    """

    module: str
    attribute: str | None

    def value(self) -> object:
        """Return what it stands for at run time; None if that cannot be had."""
        try:
            module = importlib.import_module(self.module)
        except ImportError:
            return None
        return module if self.attribute is None else getattr(module, self.attribute, None)

    def exported(self) -> Origin:
        """Return where type checkers let it be imported from.

        What a module has merely imported for itself, it does not export.
        """
        origin: Origin = self
        seen: set[Origin] = {self}
        while (attribute := origin.attribute) is not None:
            try:
                source = source_of(origin.module)
            except (ImportError, ValueError):
                break
            further = source.imported_for_itself(attribute)
            if further is None or further in seen:
                break
            seen.add(further)
            origin = further
        return origin


class Source:
    """The source of a module.

    Args:
        module: A module that was imported from a Python file.
    """

    def __init__(self, module: ModuleType) -> None:
        self.module = module.__name__
        self._package = module.__name__
        if not hasattr(module, "__path__"):
            self._package = module.__name__.rpartition(".")[0]
        self.tree = ast.parse(inspect.getsource(module))
        self._submodules: dict[str, set[str]] = {}
        self._stars: list[str] = []
        self._exports: set[str] = set()
        self._origins = dict(self._named(self.tree.body))

    def origin(self, name: str) -> Origin | None:
        """Return where a name comes from; None for built-in and unknown names."""
        found = self._origins.get(name)
        if found is None:
            starred = (Origin(module, name) for module in self._stars)
            found = next((each for each in starred if each.value() is not None), None)
        return found

    def imported_for_itself(self, name: str) -> Origin | None:
        """Return where a name comes from that the module imports and does not export."""
        origin = self._origins.get(name)
        public = getattr(sys.modules.get(self.module), "__all__", ())
        if origin is None or name in public or name in self._exports:
            return None
        return None if origin.module == self.module else origin

    def submodules(self, name: str) -> set[str]:
        """Return what was imported as ``import name.sub``."""
        return self._submodules.get(name, set())

    def class_named(self, qualified_name: str) -> ast.ClassDef | None:
        """Return the definition of a class; None if the source has none."""
        scope: ast.Module | ast.ClassDef = self.tree
        for name in qualified_name.split("."):
            for node in statements(scope.body):
                if isinstance(node, ast.ClassDef) and node.name == name:
                    scope = node
                    break
            else:
                return None
        return scope if isinstance(scope, ast.ClassDef) else None

    def _named(self, body: list[ast.stmt]) -> Iterator[tuple[str, Origin]]:
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from self._imported(node)
            elif isinstance(node, ast.If):
                # if TYPE_CHECKING, if sys.version_info: what is named in either branch.
                yield from self._named([*node.orelse, *node.body])
            elif isinstance(node, ast.Try):
                yield from self._named(node.body)
            else:
                for name in defined(node):
                    yield name, Origin(self.module, name)

    def _imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Origin]]:
        for alias in node.names:
            if alias.name == "*" and isinstance(node, ast.ImportFrom):
                self._stars.append(self._absolute(node))
            elif isinstance(node, ast.ImportFrom):
                if alias.asname == alias.name:
                    self._exports.add(alias.name)
                yield alias.asname or alias.name, Origin(self._absolute(node), alias.name)
            else:
                name, _, below = alias.name.partition(".")
                if below and not alias.asname:
                    self._submodules.setdefault(name, set()).add(alias.name)
                yield alias.asname or name, Origin(alias.name if alias.asname else name, None)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self._package.split(".")
        base = ".".join(parts[: len(parts) - node.level + 1])
        return f"{base}.{node.module}" if node.module else base


@cache
def source_of(module_name: str) -> Source:
    """Return the source of a module.

    Raises:
        ValueError: It has no Python source.
    """
    module = sys.modules.get(module_name) or importlib.import_module(module_name)
    try:
        return Source(module)
    except (OSError, TypeError) as error:
        raise ValueError(f"module {module_name} has no Python source to read") from error


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a class is defined.

    Attributes:
        source: The module.
        node: The class there.
    """

    source: Source
    node: ast.ClassDef

    def nested(self) -> set[str]:
        """Return the names of the classes in its body, which can be named there as they are."""
        body = statements(self.node.body)
        return {node.name for node in body if isinstance(node, ast.ClassDef)}


@cache
def definition_of(kind: type) -> Definition:
    """Return the definition of a class.

    Some packages give their classes the name of the module that users import them from. Then the
    imports there lead to the source.

    Raises:
        ValueError: It has no Python source, as with classes made at run time.
    """
    module, name = kind.__module__, kind.__qualname__
    seen: set[str] = set()
    while module not in seen:
        seen.add(module)
        source = source_of(module)
        found = source.class_named(name)
        if found is not None:
            return Definition(source, found)
        outermost, dot, inner = name.partition(".")
        origin = source.origin(outermost)
        if origin is not None and origin.attribute is not None:
            module, name = origin.module, f"{origin.attribute}{dot}{inner}"
    raise ValueError(f"the source of {kind.__module__} defines no class {kind.__qualname__}")


class Imports:
    """The imports of a stub, each name once.

    Args:
        module: Full name of the module that the stub describes.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._local: dict[Origin, str] = {}
        self._submodules: set[str] = set()
        self._taken: set[str] = set(dir(builtins))
        self._members: set[str] = set()

    def reserve_members(self, names: Iterable[str]) -> None:
        """Keep the names of members: in the body of a class they hide those of the module."""
        self._members.update(names)
        self._taken.update(names)

    def is_member(self, name: str) -> bool:
        """Tell whether a member has the name."""
        return name in self._members

    def reserve(self, name: str) -> None:
        """Keep a name for a class that the stub defines."""
        self._taken.add(name)

    def name(self, origin: Origin, preferred: str) -> str:
        """Return the name that stands for something in the stub, importing it if need be.

        Args:
            origin: What is wanted.
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

    def class_name(self, of: type) -> str:
        """Return the name of a class in the stub, importing the outermost one that it is in."""
        outermost, dot, inner = of.__qualname__.partition(".")
        return self.name(Origin(of.__module__, outermost), outermost) + dot + inner

    def submodules(self, names: set[str]) -> None:
        """Import modules that are reached through the name of their package."""
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
