"""Everything public, a line each: what a release must not change without meaning to.

python -m tests.public_api    # bring tests/public_api.txt up to date
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import griffe

import pywats

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = (
    "pywats",
    "pywats.errors",
    "pywats.models",
    "pywats.sandbox",
    "pywats.services",
    "pywats.sync",
    "pywats.telemetry",
    "pywats.testing",
)
LISTING = Path(__file__).with_name("public_api.txt")


@functools.cache
def package() -> griffe.Module:
    """Return the package as its source declares it."""
    loaded = griffe.load("pywats", search_paths=[Path(pywats.__file__).parents[1]])
    assert isinstance(loaded, griffe.Module)
    return loaded


def listing() -> str:
    """Return the listing: names, kinds, signatures; inherited members included."""
    lines: list[str] = []
    for path in MODULES:
        module = package() if path == "pywats" else package()[path.removeprefix("pywats.")]
        lines.append(f"module {path}")
        for name in sorted(str(export) for export in module.exports or ()):
            lines += _lines(f"{path}.{name}", _target(module[name]))
    return "\n".join(lines) + "\n"


def _target(member: griffe.Object | griffe.Alias) -> griffe.Object:
    found = member.final_target if isinstance(member, griffe.Alias) else member
    assert isinstance(found, griffe.Object)
    return found


def _lines(path: str, member: griffe.Object) -> Iterator[str]:
    if isinstance(member, griffe.Class):
        bases = ", ".join(str(base) for base in member.bases)
        yield f"class {path}({bases})"
        members = {name: _target(each) for name, each in member.all_members.items()}
        for name, each in sorted(members.items()):
            if name == "__init__" or not name.startswith("_"):
                yield from _lines(f"{path}.{name}", each)
    elif isinstance(member, griffe.Function) and _is_lazy_property(member):
        yield f"property {path}: {member.returns}"
    elif isinstance(member, griffe.Function):
        is_async = "async " if "async" in member.labels else ""
        signature = member.signature().removeprefix(member.name)
        yield f"{is_async}def {path}{signature}"
    elif isinstance(member, griffe.Attribute):
        if "property" in member.labels:
            yield f"property {path}: {member.annotation}"
        else:
            annotation = "" if member.annotation is None else f": {member.annotation}"
            # The version is meant to change.
            told = member.value is not None and not member.name.startswith("__")
            value = f" = {_one_line(str(member.value))}" if told else ""
            yield f"attribute {path}{annotation}{value}"


def _is_lazy_property(member: griffe.Function) -> bool:
    # Griffe knows the property classes of the standard library, and not this one.
    return any(str(each.value) == "lazy_property" for each in member.decorators)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Write the listing."""
    LISTING.write_text(listing(), encoding="utf-8")


if __name__ == "__main__":
    main()
