"""Add missing type arguments, and find the faces for the bounds of type variables."""

from __future__ import annotations

import ast
from typing import Any, TypeVar

from pywats.sync.stubs.annotations.arity import missing_arguments
from pywats.sync.stubs.annotations.scope import Scope
from pywats.sync.stubs.source.names import source_of

__all__ = ["face_of_bound", "with_any"]


def with_any(scope: Scope, named: ast.expr, value: object) -> ast.expr:
    """Return a type, with Any for the missing type arguments."""
    missing = missing_arguments(value)
    if not missing:
        return named
    anything: list[ast.expr] = [
        ast.Constant(...) if each is ... else scope.anything() for each in missing
    ]
    return ast.Subscript(named, ast.Tuple(anything) if anything[1:] else anything[0])


def face_of_bound(scope: Scope, variable: TypeVar) -> ast.expr | None:
    """Return the face of the class that a type variable is bound to; None if it has no face.

    If the result of a method is annotated with the type variable, it is a face at run time, for
    every type that the variable can have.
    """
    limits = variable.__constraints__ or (variable.__bound__,)
    found = [_face_of_limit(scope, variable, each) for each in limits]
    faces = [each for each in found if each is not None]
    if not faces or len(faces) < len(found):
        return None
    whole = faces[0]
    for each in faces[1:]:
        whole = ast.BinOp(whole, ast.BitOr(), each)
    return whole


def _face_of_limit(scope: Scope, variable: TypeVar, limit: Any) -> ast.expr | None:
    text = getattr(limit, "__forward_arg__", limit)
    if isinstance(text, str):
        there = Scope(source_of(str(variable.__module__)), scope.imports, scope.faces, {})
        limit = there.value(ast.parse(text, mode="eval").body)
    kind = getattr(limit, "__origin__", limit)
    face = scope.faces.get(kind) if isinstance(kind, type) else None
    return None if face is None else with_any(scope, scope.imported(face), kind)
