"""The reference has every public name. `make docs` looks for their members, too."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module

import pytest

from tests.docs.pages import DOCS
from tests.public_api import MODULES

DIRECTIVE = re.compile(r"^\.\. auto(\w+):: ([\w.]+)$", re.MULTILINE)
DIRECTIVES = [
    (kind, name)
    for page in sorted((DOCS / "reference" / "api").rglob("*.md"))
    for kind, name in DIRECTIVE.findall(page.read_text(encoding="utf-8"))
]
NAMES = [name for _, name in DIRECTIVES]


@pytest.mark.parametrize(("kind", "name"), DIRECTIVES)
def test_what_is_described_exists_and_is_of_its_kind(kind: str, name: str) -> None:
    thing = pkgutil.resolve_name(name)
    assert (kind == "exception") == (isinstance(thing, type) and issubclass(thing, Exception))


def test_nothing_is_described_twice() -> None:
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_described(module: str) -> None:
    described = {id(pkgutil.resolve_name(name)) for name in NAMES}
    public = import_module(module)
    missing = [
        name
        for name in public.__all__
        if f"{module}.{name}" not in NAMES and id(getattr(public, name)) not in described
    ]
    assert missing == []
