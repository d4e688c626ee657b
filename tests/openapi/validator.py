"""Validate recorded requests against the API files (Swagger 2.0)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft4Validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.sandbox import RecordedRequest

ODATA = {"$filter", "$top", "$skip", "$orderby", "$expand", "$select"}


class UndeclaredRequestError(AssertionError):
    """A request that the API files do not allow."""


@cache
def document(name: str) -> dict[str, Any]:
    """Return an extract of an API file: ``public`` or ``internal``."""
    loaded: dict[str, Any] = json.loads(
        Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    )
    return loaded


def validate(request: RecordedRequest) -> str:
    """Check verb, path, query and body.

    Returns:
        The operation, as ``GET /api/Product/{partNumber}``.

    Raises:
        UndeclaredRequestError: The API files do not declare such a request.
    """
    name = "internal" if request.path.startswith("/api/internal/") else "public"
    template, operation = _operation(document(name)["paths"], request)
    label = f"{request.method} {template}"
    declared: dict[str, Any] = {}
    body_schema = None
    for parameter in operation["parameters"]:
        if parameter["in"] == "body":
            body_schema = parameter["schema"]
        elif parameter["in"] == "query":
            declared[parameter["name"]] = parameter
    _check_query(label, dict(request.query), declared, odata=operation.get("odata", False))
    if body_schema is not None:
        _check_body(label, json.loads(request.body), body_schema, document(name)["definitions"])
    return label


def _operation(paths: Mapping[str, Any], request: RecordedRequest) -> tuple[str, dict[str, Any]]:
    found = [
        (template, operations[request.method.lower()])
        for template, operations in paths.items()
        if request.method.lower() in operations and _pattern(template).fullmatch(request.path)
    ]
    if not found:
        raise UndeclaredRequestError(f"no API file declares {request.method} {request.path}")
    # A literal path wins over one with variables, as it does on the server.
    return min(found, key=lambda each: each[0].count("{"))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _check_query(
    label: str, sent: Mapping[str, str], declared: Mapping[str, Any], *, odata: bool
) -> None:
    allowed = set(declared) | (ODATA if odata else set())
    if unknown := set(sent) - allowed:
        raise UndeclaredRequestError(f"{label} declares no {sorted(unknown)}")
    required = {name for name, each in declared.items() if each.get("required")}
    if missing := required - set(sent):
        raise UndeclaredRequestError(f"{label} requires {sorted(missing)}")
    for name in set(sent) & set(declared):
        _check_value(label, name, sent[name], declared[name])


def _check_value(label: str, name: str, text: str, parameter: Mapping[str, Any]) -> None:
    patterns = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false"}
    formats = {"uuid": r"[0-9a-fA-F-]{36}", "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*"}
    pattern = patterns.get(parameter["type"]) or formats.get(parameter.get("format", ""))
    if pattern and not re.fullmatch(pattern, text):
        raise UndeclaredRequestError(f"{label}: {name}={text!r} is no {parameter}")
    choices = parameter.get("enum", [])
    if parameter.get("flags"):
        allowed = {str(number) for number in range(1, sum(choices) + 1)}
    else:
        allowed = {str(choice) for choice in choices}
    if choices and text not in allowed:
        raise UndeclaredRequestError(f"{label}: {name}={text!r} is not one of {choices}")


def _check_body(label: str, body: Any, schema: Any, definitions: Any) -> None:
    validator = Draft4Validator({**schema, "definitions": definitions})
    # Swagger 2.0 cannot say that a property may be null; the server takes null for absent.
    errors = [error.message for error in validator.iter_errors(_without_null(body))]
    if errors:
        raise UndeclaredRequestError(f"{label}: {errors}")


def _without_null(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_null(each) for each in node]
    if isinstance(node, dict):
        return {key: _without_null(each) for key, each in node.items() if each is not None}
    return node
