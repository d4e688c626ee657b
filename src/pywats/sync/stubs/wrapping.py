"""Write the types of `pywats.sync.wrap` for the classes of a stub."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from pywats.sync.stubs.signatures import Function
from pywats.sync.stubs.source.definitions import listed_parameters
from pywats.sync.stubs.source.names import Origin
from pywats.sync.stubs.source.pyi import is_untyped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pywats.sync.stubs.imports import Imports

__all__ = ["wrap_functions"]

_KEYWORDS = {
    "name": None,
    "runner": Origin("pywats.sync.runners.direct", "Runner"),
    "faces": Origin("pywats.sync.faces.face", "Faces"),
    "span_attributes": Origin("pywats.sync.faces.family", "SpanAttributes"),
    "repeatable": Origin("pywats.sync.faces.repeatable", "Repeatable"),
    "tracer_provider": Origin("opentelemetry.trace", "TracerProvider"),
    "meter_provider": Origin("opentelemetry.metrics", "MeterProvider"),
}


def wrap_functions(
    classes: Iterable[type], imports: Imports, faces: Mapping[type, Origin]
) -> list[Function]:
    """Return a signature of ``wrap`` for each class.

    Args:
        classes: The async classes.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class.
    """
    # A type checker takes the first matching overload, so a class must come before its base.
    ordered = sorted(classes, key=lambda each: -len(each.__mro__))
    untyped = [each for each in ordered if is_untyped(each)]
    if len(untyped) > 1:
        # Type checkers treat all untyped classes as Any and cannot distinguish them.
        ordered = [each for each in ordered if each not in untyped]
    functions = [_wrap(each, imports, str(faces[each].attribute)) for each in ordered]
    if len(untyped) > 1:
        anything = imports.name(Origin("typing", "Any"), "Any")
        functions.append(_signature(anything, anything, imports))
    if len(functions) > 1:
        overload = imports.name(Origin("typing", "overload"), "overload")
        return [
            replace(function, decorators=(overload,), remark=_remark(each, ordered))
            for each, function in zip([*ordered, None], functions, strict=False)
        ]
    return functions


def _remark(of: type | None, classes: list[type]) -> str:
    derived = of is not None and any(issubclass(of, each) and each is not of for each in classes)
    # Ignore the overlap: the face of a class is not derived from the face of the base class, but it
    # has the same members. mypy does not report every overlap, for example not all of asyncssh.
    return "type: ignore[overload-overlap, unused-ignore]" if derived else ""


def _wrap(of: type, imports: Imports, face: str) -> Function:
    listed = listed_parameters(of)
    return _signature(f"{imports.class_name(of)}{listed}", f"{face}{listed}", imports)


def _signature(wrapped: str, face: str, imports: Imports) -> Function:
    config = imports.name(Origin("pywats.config", "SyncConfig"), "SyncConfig")
    keywords = {
        name: "str" if kind is None else imports.name(kind, str(kind.attribute))
        for name, kind in _KEYWORDS.items()
    }
    nothing = ast.Constant(None)
    arguments = ast.arguments(
        [],
        [
            ast.arg("wrapped", ast.Name(wrapped)),
            ast.arg("config", ast.Name(f"{config} | None")),
        ],
        None,
        [ast.arg(name, ast.Name(f"{kind} | None")) for name, kind in keywords.items()],
        [nothing for _ in keywords],
        None,
        [nothing],
    )
    return Function("wrap", arguments, ast.Name(face), None)
