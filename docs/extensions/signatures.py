"""What annotations mean, so that the pages can show it.

Many are written with names that modules import for type checkers alone.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import textwrap
import typing
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from public_names import public_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

# Aliases whose names say more than what they stand for.
_DEFAULT = re.compile(r"( ?= ?)<[^<>]*>")
_ALIASES = {
    name: type(name, (), {"__module__": module})
    for module, name in (
        ("pywats.sync", "Faces"),
        ("pywats.sync", "SpanAttributes"),
        ("opentelemetry.util.types", "Attributes"),
    )
}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Have the names there before autodoc looks at anything."""
    app.connect("builder-inited", import_for_types)
    app.connect("autodoc-before-process-signature", evaluate)
    app.connect("autodoc-process-signature", hide_defaults)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def type_hints(thing: object) -> Mapping[str, object]:
    """Return the annotations as objects, without what pydantic reads in them."""
    return typing.get_type_hints(thing, localns=_ALIASES)


def attribute_hints(kind: type) -> Mapping[str, object]:
    """Return the annotations of the attributes of a class, also of those that ``__init__`` sets."""
    found: dict[str, object] = {}
    init = vars(kind).get("__init__")
    if inspect.isfunction(init) and not dataclasses.is_dataclass(kind):
        scope = vars(sys.modules[kind.__module__])
        found.update(type_hints(init))
        for statement in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(init)))):
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Attribute):
                annotation = ast.unparse(statement.annotation)
                found[statement.target.attr] = eval(annotation, scope)  # noqa: S307 - our own source
    return found | dict(type_hints(kind))


def import_for_types(app: Sphinx) -> None:
    """Run the imports below ``if TYPE_CHECKING`` of all modules that are loaded."""
    del app
    for public in public_names():
        public.find()  # Loads what is imported when it is first used.
    done: set[str] = set()
    while names := {name for name in sys.modules if name.partition(".")[0] == "pywats"} - done:
        done |= names
        for name in names:
            module = sys.modules[name]
            for statement in _imports(module):
                with suppress(ModuleNotFoundError):  # _typeshed exists for type checkers alone
                    exec(statement, vars(module))  # noqa: S102 - our own imports


def evaluate(app: Sphinx, function: object, bound: bool) -> None:  # noqa: FBT001 - autodoc's interface
    """Replace the annotations of a function, which are texts, by what they mean."""
    del app, bound
    function = getattr(function, "__func__", function)
    # Functions made from texts have no module that could be asked.
    if inspect.isfunction(function) and function.__module__ in sys.modules:
        function.__annotations__ = dict(type_hints(function))


def hide_defaults(  # noqa: PLR0917 - autodoc's interface
    app: Sphinx,
    what: str,
    name: str,
    thing: object,
    options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Write ``...`` for a default whose repr is not Python, such as ``<factory>``."""
    del app, what, name, thing, options
    return signature and _DEFAULT.sub(r"\1...", signature), returned


def _imports(module: ModuleType) -> Iterator[str]:
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            for each in statement.body:
                if isinstance(each, ast.Import | ast.ImportFrom):
                    yield ast.unparse(each)
