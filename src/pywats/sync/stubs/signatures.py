"""Signatures and members of the classes in a stub."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Function", "Member", "attribute"]


@dataclass(frozen=True, slots=True)
class Function:
    """One signature.

    Attributes:
        name: Name of the method.
        arguments: Parameters, starting with self.
        result: Annotation of the result; None without an annotation.
        documentation: The docstring; None without a docstring.
        decorators: Names of the decorators, without the at sign.
        type_parameters: Type parameters in brackets after the name (PEP 695).
        remark: A comment for type checkers at the end of the first line.
    """

    name: str
    arguments: ast.arguments
    result: ast.expr | None
    documentation: str | None
    decorators: tuple[str, ...] = ()
    type_parameters: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the face.

    Attributes:
        name: Name of the member.
        functions: Signatures: one, one for each overload, or getter and setter.
        is_method: Whether the member is a method and not a property.
        annotation: The type of an attribute that only instances have.
    """

    name: str
    functions: tuple[Function, ...]
    is_method: bool
    annotation: ast.expr | None = None


def attribute(
    name: str,
    kind: ast.expr | None,
    documentation: str | None,
    decorator: str,
    *,
    fixed: bool = False,
) -> Iterator[Function]:
    """Yield getter and setter of a property.

    Args:
        name: Name of the property.
        kind: Type of the property.
        documentation: The docstring; None without a docstring.
        decorator: The name of ``property`` in the body of the class.
        fixed: True leaves out the setter.
    """
    itself = ast.arg("self")
    getter = ast.arguments([], [itself], None, [], [], None, [])
    yield Function(name, getter, kind, documentation, (decorator,))
    if not fixed:
        setter = ast.arguments([], [itself, ast.arg("value", kind)], None, [], [], None, [])
        yield Function(name, setter, ast.Constant(None), None, (f"{name}.setter",))
