"""The public errors and warnings, and what their docstrings say."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

import griffe

from pywats.errors import CallError
from tests.markdown import from_docstring
from tests.public_api import MODULES, package

if TYPE_CHECKING:
    from collections.abc import Iterator

ADVICE: Final = "What to do: "


@dataclass(frozen=True, slots=True)
class Told:
    """What the docstring of a class says.

    Attributes:
        meaning: What it stands for.
        advice: What to do about it.
        attributes: For each attribute of its own its name, its type and what it says.
    """

    meaning: str
    advice: str
    attributes: tuple[tuple[str, str, str], ...]


@functools.cache
def public_errors() -> dict[type[Exception], str]:
    """Return the public errors and warnings, each with the module to import it from.

    Those of the tree come first, in its order.
    """
    found: dict[type[Exception], str] = {}
    for name in MODULES:
        module = import_module(name)
        for each in module.__all__:
            kind = getattr(module, each)
            if inspect.isclass(kind) and issubclass(kind, Exception):
                found.setdefault(kind, name)
    first: list[type[Exception]] = [CallError, *(kind for _, kind in _below(CallError, ""))]
    return {kind: found[kind] for kind in [*first, *found]}


def tree() -> Iterator[tuple[str, type[CallError]]]:
    """Yield the public classes of the error tree, each with the lines that lead to it."""
    public_errors()  # has imported them all
    yield "", CallError
    yield from _below(CallError, "")


def _below(parent: type[CallError], indent: str) -> Iterator[tuple[str, type[CallError]]]:
    # Tests may define errors of their own. A class with two bases stands below the first one.
    children = [
        kind
        for kind in parent.__subclasses__()
        if kind.__module__.startswith("pywats.") and kind.__bases__[0] is parent
    ]
    for child in children:
        last = child is children[-1]
        yield indent + ("└── " if last else "├── "), child
        yield from _below(child, indent + ("    " if last else "│   "))


def other_bases(kind: type[Exception]) -> list[str]:
    """Return the names of the bases of a class besides the one that it stands below."""
    return [base.__name__ for base in kind.__bases__[1:]]


def builtin_bases(kind: type[Exception]) -> list[str]:
    """Return the names of the bases of a class that are errors of Python's own."""
    return [
        base.__name__
        for base in kind.__bases__
        if base.__module__ == "builtins" and base is not Exception
    ]


def told(kind: type) -> Told:
    """Return what the docstring of a class says."""
    paragraphs: list[str] = []
    attributes: list[tuple[str, str, str]] = []
    for section in _documented(kind):
        if section.kind is griffe.DocstringSectionKind.text:
            paragraphs += section.value.split("\n\n")
        elif section.kind is griffe.DocstringSectionKind.attributes:
            attributes += [
                (each.name, _type(kind, each.name), from_docstring(each.description))
                for each in section.value
            ]
    texts = [from_docstring(paragraph) for paragraph in paragraphs]
    return Told(
        " ".join(text for text in texts if not text.startswith(ADVICE)),
        "".join(text.removeprefix(ADVICE) for text in texts if text.startswith(ADVICE)),
        tuple(attributes),
    )


def _documented(kind: type) -> list[griffe.DocstringSection]:
    docstring = _class(kind).docstring
    return [] if docstring is None else docstring.parse("google")


def _type(kind: type, attribute: str) -> str:
    """Return the annotation of an attribute, or of the argument that it is set to."""
    member = _class(kind).members.get(attribute)
    annotation = member.annotation if isinstance(member, griffe.Attribute) else None
    if annotation is None and (made := _class(kind).members.get("__init__")) is not None:
        assert isinstance(made, griffe.Function)
        annotation = made.parameters[attribute].annotation
    return "" if annotation is None else str(annotation)


def _class(kind: type) -> griffe.Class:
    found = package()[kind.__module__.removeprefix("pywats.")][kind.__name__]
    assert isinstance(found, griffe.Class)
    return found
