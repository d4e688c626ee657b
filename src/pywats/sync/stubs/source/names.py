"""Resolve the names in the source of a module."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pywats.sync.stubs.source.branches import defined, holds, statements
from pywats.sync.stubs.source.pyi import stub_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = ["Origin", "Source", "source_of"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Module and attribute to which a name refers.

    Attributes:
        module: The module.
        attribute: Attribute of the module; None if the name refers to the module itself.
    """

    module: str
    attribute: str | None

    def value(self) -> object:
        """Return the object at run time; None if it cannot be imported."""
        try:
            module = importlib.import_module(self.module)
        except ImportError:
            return None
        return module if self.attribute is None else getattr(module, self.attribute, None)

    def exported(self) -> Origin:
        """Return the origin from which type checkers allow importing the object.

        A module does not export the names that it has only imported for its own use.
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
        module: A module that was imported from a Python file, or that has a stub.
        name: Its full name.
    """

    def __init__(self, module: ModuleType, name: str) -> None:
        self.module = name
        self._package = name if hasattr(module, "__path__") else name.rpartition(".")[0]
        stub = stub_file(module, name)
        text = inspect.getsource(module) if stub is None else stub.read_text(encoding="utf-8")
        self.tree = ast.parse(text)
        self._submodules: dict[str, set[str]] = {}
        self._stars: list[str] = []
        self._exports: set[str] = set()
        self._origins = dict(self._named(self.tree.body))

    def origin(self, name: str) -> Origin | None:
        """Return the origin of a name; None for built-in and unknown names."""
        found = self._origins.get(name)
        if found is None:
            starred = (Origin(module, name) for module in self._stars)
            found = next((each for each in starred if each.value() is not None), None)
        return found

    def imported_for_itself(self, name: str) -> Origin | None:
        """Return the origin of a name that the module imports but does not export; else None."""
        origin = self._origins.get(name)
        public = getattr(sys.modules.get(self.module), "__all__", ())
        if origin is None or name in public or name in self._exports:
            return None
        return None if origin.module == self.module else origin

    def is_type_variable(self, name: str) -> bool:
        """Tell whether a name is a type variable or parameter specification of the module."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                made = ast.unparse(node.value.func).rpartition(".")[2]
                named = [each.id for each in node.targets if isinstance(each, ast.Name)]
                if name in named and made in {"TypeVar", "ParamSpec"}:
                    return True
        return False

    def submodules(self, name: str) -> set[str]:
        """Return the modules that were imported as ``import name.sub``."""
        return self._submodules.get(name, set())

    def class_named(self, qualified_name: str) -> ast.ClassDef | None:
        """Return the definition of a class; None if it is not in the source."""
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
                taken = holds(node.test)
                # Both branches if the condition cannot be decided; the first one wins.
                yield from self._named(node.orelse if taken is not True else [])
                yield from self._named(node.body if taken is not False else [])
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
        ValueError: The module has no Python source.
    """
    module = sys.modules.get(module_name) or importlib.import_module(module_name)
    # _collections_abc calls itself collections.abc, which has a stub of its own.
    standard = module_name.partition(".")[0] in sys.stdlib_module_names
    try:
        return Source(module, module_name if standard else module.__name__)
    except (OSError, TypeError) as error:
        raise ValueError(f"module {module_name} has no Python source to read") from error
