"""The types of `pywats.sync.wrap` for the classes of a stub."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from pywats.sync.stubs.members import Function
from pywats.sync.stubs.names import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pywats.sync.stubs.names import Imports

__all__ = ["wrap_functions"]

_KEYWORDS = {
    "name": None,
    "runner": Origin("pywats.sync.runner", "Runner"),
    "faces": Origin("pywats.sync.face", "Faces"),
    "span_attributes": Origin("pywats.sync.family", "SpanAttributes"),
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
    # Of two overloads that fit, a type checker takes the first: that of the class, not its base.
    ordered = sorted(classes, key=lambda each: -len(each.__mro__))
    functions = [_wrap(each, imports, str(faces[each].attribute)) for each in ordered]
    if len(functions) > 1:
        overload = imports.name(Origin("typing", "overload"), "overload")
        return [
            replace(function, decorators=(overload,), remark=_remark(each, ordered))
            for each, function in zip(ordered, functions, strict=True)
        ]
    return functions


def _remark(of: type, classes: list[type]) -> str:
    derived = any(issubclass(of, each) and each is not of for each in classes)
    # The face of a class is not derived from that of its base, but it can do the same.
    return "type: ignore[overload-overlap]" if derived else ""


def _wrap(of: type, imports: Imports, face: str) -> Function:
    config = imports.name(Origin("pywats.config", "SyncConfig"), "SyncConfig")
    parameters = [each.__name__ for each in getattr(of, "__parameters__", ())]
    listed = f"[{', '.join(parameters)}]" if parameters else ""
    keywords = {
        name: "str" if kind is None else imports.name(kind, str(kind.attribute))
        for name, kind in _KEYWORDS.items()
    }
    nothing = ast.Constant(None)
    arguments = ast.arguments(
        [],
        [
            ast.arg("wrapped", ast.Name(f"{imports.class_name(of)}{listed}")),
            ast.arg("config", ast.Name(f"{config} | None")),
        ],
        None,
        [ast.arg(name, ast.Name(f"{kind} | None")) for name, kind in keywords.items()],
        [nothing for _ in keywords],
        None,
        [nothing],
    )
    return Function("wrap", arguments, ast.Name(f"{face}{listed}"), None)
