"""The public names, as the tests record them in tests/public_api.txt."""

from __future__ import annotations

import functools
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path

_RECORD = Path(__file__).parents[2] / "tests" / "public_api.txt"


@dataclass(frozen=True)
class PublicName:
    """A name of the record.

    Attributes:
        module: The public module.
        name: What it exports.
        member: A member of that, or an empty string.
    """

    module: str
    name: str
    member: str

    def __str__(self) -> str:
        return ".".join(filter(None, (self.module, self.name, self.member)))

    def find(self) -> object:
        """Return what the module exports by the name."""
        return pkgutil.resolve_name(f"{self.module}:{self.name}")


@functools.cache
def public_modules() -> tuple[str, ...]:
    """Return the names of the public modules."""
    return tuple(re.findall(r"^module (\S+)", _RECORD.read_text("utf-8"), re.MULTILINE))


@functools.cache
def public_names() -> tuple[PublicName, ...]:
    """Return all public names but constructors, which are shown with their classes."""
    found: list[PublicName] = []
    module = ""
    for line in _RECORD.read_text("utf-8").splitlines():
        kind, _, rest = line.removeprefix("async ").partition(" ")
        path = re.match(r"[\w.]+", rest)
        if path is None:
            raise ValueError(f"{_RECORD}: not a line of the record: {line!r}")
        if kind == "module":
            module = path[0]
            continue
        name, _, member = path[0].removeprefix(f"{module}.").partition(".")
        if member != "__init__":
            found.append(PublicName(module, name, member))
    return tuple(found)
