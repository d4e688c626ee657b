"""Find the public members that the source of a class declares."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from pywats.sync.stubs.instances import attributes_of
from pywats.sync.stubs.source.branches import statements
from pywats.sync.stubs.source.definitions import definition_of

__all__ = ["PROTOCOLS", "Declared", "Definition", "declared_members", "names_in_body"]

Definition = ast.FunctionDef | ast.AsyncFunctionDef

PROTOCOLS = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
}
# Special methods that a face has too, see pywats.sync.faces.protocols. The others that it has, such
# as __eq__, are declared by object.
_PLAIN = frozenset(
    {
        *("__call__", "__getattr__", "__contains__", "__delitem__", "__getitem__", "__iter__"),
        *("__len__", "__reversed__", "__setitem__", "__bool__", "__bytes__", "__fspath__"),
        *("__complex__", "__float__", "__index__", "__int__"),
        *("__ge__", "__gt__", "__le__", "__lt__"),
    }
)


@dataclass(slots=True)
class Declared:
    """The declaration of one member in the source.

    Attributes:
        definitions: Function definitions: one, or one for each overload, getter and setter.
        annotation: Annotation of an attribute; None without an annotation.
        of_instances: Whether `__init__` sets the attribute.
    """

    definitions: list[Definition] = field(default_factory=list)
    annotation: ast.expr | None = None
    of_instances: bool = False


def declared_members(kind: type) -> dict[str, Declared]:
    """Return the public members, protocols included, that the body of a class declares.

    Raises:
        ValueError: The class has no source.
    """
    found: dict[str, Declared] = {}
    for node in statements(definition_of(kind).node.body):
        if isinstance(node, Definition):
            found.setdefault(node.name, Declared()).definitions.append(node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = Declared(annotation=node.annotation)
        elif isinstance(node, ast.Assign):
            same = found.get(node.value.id) if isinstance(node.value, ast.Name) else None
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = same or Declared()
    for node in list(found.get("__init__", Declared()).definitions):
        for name, annotation in attributes_of(node):
            found.setdefault(name, Declared(annotation=annotation, of_instances=True))
    return {name: each for name, each in found.items() if _is_public(name)}


def _is_public(name: str) -> bool:
    return name in PROTOCOLS or name in _PLAIN or not name.startswith("_")


def names_in_body(kind: type) -> set[str]:
    """Return all names that the body of a class defines, in all branches of its conditions."""
    try:
        waiting: list[ast.AST] = list(definition_of(kind).node.body)
    except ValueError:
        return set()
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef | Definition):
            found.add(node.name)
            continue
        if isinstance(node, ast.Name):
            found.add(node.id)
        waiting += ast.iter_child_nodes(node)
    return found
