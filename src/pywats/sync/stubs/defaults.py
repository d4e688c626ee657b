"""Write default values of parameters in a stub, if a stub can express them."""

from __future__ import annotations

import ast
import re
import typing
from typing import TYPE_CHECKING, Any, Final

from pywats.sync.stubs.annotations.rewriter import rewrite_value

if TYPE_CHECKING:
    from pywats.sync.stubs.annotations.scope import Scope

__all__ = ["fitting", "rewrite_default"]

_SAYS_NONE: Final = re.compile(r"\b(None|Optional|Any|object)\b")
# PEP 484: an int is accepted as a float, and both are accepted as complex.
_WIDER: Final[dict[type, tuple[type, ...]]] = {float: (float, int), complex: (complex, float, int)}


def rewrite_default(scope: Scope, node: ast.expr) -> ast.expr:
    """Return a default value if it can be written in a stub, else ``...``."""
    if _is_literal(node):
        return node
    root = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name) and scope.knows(root.id):
        # The loop above makes sure that it is a dotted name and not another expression.
        named: ast.Name | ast.Attribute = node if isinstance(node, ast.Attribute) else root
        return rewrite_value(scope, named)
    return ast.Constant(...)


def fitting(
    scope: Scope, argument: ast.arg, node: ast.arg, default: ast.expr | None
) -> tuple[ast.arg, ast.expr | None]:
    """Return a parameter and its default, changed so that the default has the parameter's type.

    Some libraries write ``bucket: str = None``: then the parameter accepts None too. Any other
    default that does not have the type becomes ``...`` in the stub.

    Args:
        scope: Scope of the parameter.
        argument: The parameter in the stub.
        node: The parameter in the source.
        default: Default value in the source; None without a default.
    """
    if default is None:
        return argument, None
    written = rewrite_default(scope, default)
    if node.annotation is None or argument.annotation is None:
        return argument, written
    if not _is_literal(written):
        # None is also the value of a name that cannot be looked up.
        found = scope.value(default)
        fits = found is None or _fits(scope, node.annotation, found)
        return argument, written if fits else ast.Constant(...)
    value = ast.literal_eval(written)
    if value is None:
        if not _SAYS_NONE.search(ast.unparse(node.annotation)):
            annotation = ast.BinOp(argument.annotation, ast.BitOr(), ast.Constant(None))
            argument = ast.arg(argument.arg, annotation)
        return argument, written
    if value is ... or _fits(scope, node.annotation, value):
        return argument, written
    return argument, ast.Constant(...)


def _fits(scope: Scope, annotation: ast.expr, value: object) -> bool:
    """Tell whether a value has the type of an annotation; True if this cannot be decided."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    if isinstance(annotation, ast.Constant):
        return False
    if isinstance(annotation, ast.BinOp):
        return _fits(scope, annotation.left, value) or _fits(scope, annotation.right, value)
    kind: Any = scope.value(annotation)
    origin = getattr(kind, "__origin__", None)
    # The class of an alias, such as typing.List; Union is a class since Python 3.14.
    if isinstance(origin, type) and origin.__name__ != "Union":
        kind = origin
    if isinstance(annotation, ast.Subscript) and kind is typing.Annotated:
        inner = annotation.slice
        return _fits(scope, inner.elts[0] if isinstance(inner, ast.Tuple) else inner, value)
    if isinstance(annotation, ast.Subscript) and not isinstance(kind, type):
        inside = annotation.slice
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        if kind in {typing.Optional, typing.Union}:
            return any(_fits(scope, each, value) for each in parts)
        return True
    if isinstance(kind, typing.TypeVar | typing.NewType):
        return False
    try:
        return not isinstance(kind, type) or isinstance(value, _WIDER.get(kind, kind))
    except TypeError:
        # isinstance() does not accept protocols and generic aliases.
        return True


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
