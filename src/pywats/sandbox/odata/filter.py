"""Evaluation of an OData ``$filter`` on rows in memory (OData 4.01 URL conventions 5.1.1)."""

from __future__ import annotations

import operator
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pywats.sandbox.requests import Row

__all__ = ["row_filter"]

_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.In: lambda value, choices: value in choices,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "contains": lambda text, part: part in (text or ""),
    "startswith": lambda text, part: (text or "").startswith(part),
    "endswith": lambda text, part: (text or "").endswith(part),
    "tolower": lambda text: (text or "").lower(),
    "toupper": lambda text: (text or "").upper(),
    "length": lambda text: len(text or ""),
}
_OF_ONE = {"tolower", "toupper", "length"}


def row_filter(expression: str, fields: Collection[str] | None = None) -> Callable[[Row], bool]:
    """Return a function that returns whether a row matches a filter.

    Args:
        expression: The value of ``$filter``.
        fields: The fields that it may name, in lower case; None for any.

    Raises:
        ApiError: The expression is not understood, or names an unknown field (400).
    """
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(expression))
        _check(tree, expression, fields, frozenset())
    except (ODataException, RecursionError) as error:
        raise _invalid(expression) from error

    def test(row: Row) -> bool:
        try:
            return bool(_evaluate(tree, row, {}, expression))
        except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            # A function or a comparison that does not fit the type of the value.
            raise _invalid(expression) from error

    return test


def _check(  # noqa: C901 - one branch for each kind of node
    node: Any, expression: str, fields: Collection[str] | None, variables: frozenset[str]
) -> None:
    """Refuse unknown functions, operators and fields, also if there are no rows."""
    parts: list[Any]
    match node:
        case ast.Identifier():
            if fields is not None and node.name not in variables:
                _check_field(node.name, fields)
            return
        case ast.Attribute():
            # Only the owner is checked, not the fields inside its value.
            parts = [node.owner]
        case ast.Lambda():
            variables |= {node.identifier.name}
            parts = [node.expression]
        case ast.Call():
            known = node.func.name in _FUNCTIONS
            parts = list(node.args)
            if not known or len(parts) != (1 if node.func.name in _OF_ONE else 2):
                raise _invalid(expression)
        case ast.BinOp() | ast.UnaryOp(op=ast.USub()):
            raise _invalid(expression)
        case list():
            parts = node
        case _ if is_dataclass(node):
            parts = [getattr(node, each.name) for each in dataclass_fields(node)]
        case _:
            return
    for part in parts:
        _check(part, expression, fields, variables)


def _check_field(name: str, fields: Collection[str]) -> None:
    if name.lower() not in fields:
        raise ApiError(400, f"The query specified in the URI is not valid: there is no '{name}'.")


def _evaluate(node: Any, row: Row, variables: Mapping[str, Any], expression: str) -> Any:  # noqa: C901, PLR0912 - one branch for each kind of node
    def inner(part: Any) -> Any:
        return _evaluate(part, row, variables, expression)

    match node:
        case ast.BoolOp(op=ast.And()):
            return inner(node.left) and inner(node.right)
        case ast.BoolOp():
            return inner(node.left) or inner(node.right)
        case ast.UnaryOp(op=ast.Not()):
            return not inner(node.operand)
        case ast.Compare():
            left, right = inner(node.left), inner(node.right)
            if isinstance(node.right, ast.GUID) and isinstance(left, str):
                left = left.lower()
            if isinstance(node.right, ast.DateTime):
                left, right = _time(left), right if right.tzinfo else right.replace(tzinfo=UTC)
            try:
                return _COMPARISONS[type(node.comparator)](left, right)
            except TypeError:
                # An ordering against null or another type is false (5.1.1.1).
                return False
        case ast.Identifier():
            return variables[node.name] if node.name in variables else _field(row, node.name)
        case ast.Attribute():
            return _field(inner(node.owner) or {}, node.attr)
        case ast.CollectionLambda(lambda_=ast.Lambda() as condition):
            name = condition.identifier.name
            found = (
                _evaluate(condition.expression, row, {**variables, name: item}, expression)
                for item in inner(node.owner) or []
            )
            return any(found) if isinstance(node.operator, ast.Any) else all(found)
        case ast.Call() if node.func.name in _FUNCTIONS:
            return _FUNCTIONS[node.func.name](*(inner(argument) for argument in node.args))
        case ast.List():
            return [inner(item) for item in node.val]
        case ast.Null():
            return None
        case ast.GUID():
            return node.val.lower()
        case ast.Integer() | ast.Float() | ast.Boolean() | ast.String() | ast.DateTime():
            return node.py_val
        case _:
            raise _invalid(expression)


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _field(row: Any, name: str) -> Any:
    # The examples of the API file write names in either case.
    return next((value for key, value in row.items() if key.lower() == name.lower()), None)


def _invalid(expression: str) -> ApiError:
    return ApiError(400, f"The query specified in the URI is not valid: {expression}")
