"""Docstrings in the Google style, as this package writes them, made reStructuredText.

Unlike `sphinx.ext.napoleon` it takes what "Returns:" says for prose, never for a type, and an
attribute has the type and the default that the class gives it.
"""

from __future__ import annotations

import dataclasses
import re
import textwrap
from enum import Enum
from typing import TYPE_CHECKING

from pydantic import BaseModel
from signatures import attribute_hints
from sphinx import addnodes
from sphinx.util.typing import stringify_annotation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_HEAD = re.compile(r"(Args|Attributes|Raises|Returns|Yields):")
_ENTRY = re.compile(r"([\w.]+): (.*)")
# What stands for a default in the page as it does in the source.
_PLAIN = str | int | float | None


def setup(app: Sphinx) -> ExtensionMetadata:
    """Have autodoc ask for it."""
    app.connect("autodoc-process-docstring", translate)
    app.connect("autodoc-process-signature", leave_out_signature)
    app.connect("autodoc-skip-member", show_enum_members)
    app.connect("object-description-transform", keep_attributes_off_the_contents)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def translate(  # noqa: PLR0917 - autodoc's interface
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Replace the lines of a docstring."""
    del app, what, name, options
    lines[:] = list(_translated(lines, obj))


def leave_out_signature(  # noqa: PLR0917 - autodoc's interface
    app: Sphinx,
    what: str,
    name: str,
    obj: object,
    options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str, None] | None:
    """Show no arguments of a model, which are its attributes, nor of an enumeration."""
    del app, what, name, options, signature, returns
    if isinstance(obj, type) and issubclass(obj, BaseModel | Enum):
        return "", None
    return None


def show_enum_members(  # noqa: PLR0917 - autodoc's interface
    app: Sphinx,
    what: str,
    name: str,
    obj: object,
    skip: bool,  # noqa: FBT001 - autodoc's interface
    options: object,
) -> bool | None:
    """Show the members of an enumeration, unless its docstring does."""
    del app, what, name, skip, options
    if isinstance(obj, Enum):
        return "Attributes:" in (type(obj).__doc__ or "")
    return None


def keep_attributes_off_the_contents(
    app: Sphinx, domain: str, kind: str, content: addnodes.desc_content
) -> None:
    """Leave attributes out of the contents of a page, which would be long and say little."""
    del app, domain
    if kind == "attribute" and isinstance(content.parent, addnodes.desc):
        for signature in content.parent.findall(addnodes.desc_signature):
            signature["_toc_name"] = ""


def _translated(lines: Sequence[str], obj: object) -> Iterator[str]:
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        head = _HEAD.fullmatch(line)
        if head is None:
            yield line
            continue
        block: list[str] = []
        while rest and (not rest[0] or rest[0].startswith(" ")):
            block.append(rest.pop(0))
        yield ""
        yield from _section(head[1], textwrap.dedent("\n".join(block)).strip(), obj)
        yield ""


def _section(head: str, text: str, obj: object) -> Iterator[str]:
    if head == "Returns":
        yield from _field("returns", text)
    elif head == "Yields":
        yield from _field("Yields", text)
    elif head == "Attributes":
        options = _options(obj) if isinstance(obj, type) else {}
        for name, told in _entries(text):
            yield f".. py:attribute:: {name}"
            yield from (f"   {option}" for option in options.get(name, ()))
            yield ""
            yield textwrap.indent(told, "   ")
            yield ""
    else:
        kind = "param" if head == "Args" else "raises"
        for name, told in _entries(text):
            yield from _field(f"{kind} {name}", told)


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Split a section into names and what is said of them."""
    for entry in re.split(r"\n(?=\S)", text):
        first, _, more = entry.partition("\n")
        found = _ENTRY.fullmatch(first)
        if found is None:
            raise ValueError(f"not an entry of the form 'name: text': {entry!r}")
        yield found[1], f"{found[2]}\n{textwrap.dedent(more)}".strip()


def _field(name: str, text: str) -> Iterator[str]:
    yield from f":{name}: {textwrap.indent(text, '   ').strip()}".splitlines()


def _options(kind: type) -> Mapping[str, list[str]]:
    """Return for each attribute of a class its type and its value, as far as they can be said."""
    values: dict[str, object] = {}
    if issubclass(kind, Enum):
        values = {name: member.value for name, member in kind.__members__.items()}
    elif issubclass(kind, BaseModel):
        values = {name: field.default for name, field in kind.model_fields.items()}
    elif dataclasses.is_dataclass(kind):
        values = {field.name: field.default for field in dataclasses.fields(kind)}
    found: dict[str, list[str]] = {
        name: [f":type: {stringify_annotation(hint, 'smart')}"]
        for name, hint in attribute_hints(kind).items()
    }
    for name, value in values.items():
        if isinstance(value, _PLAIN):
            found.setdefault(name, []).append(f":value: {value!r}")
    return found
