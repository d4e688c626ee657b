"""What is public stays as it is recorded, and the record has all of it."""

from __future__ import annotations

import difflib
import re
from importlib import import_module

import pytest

from tests.public_api import LISTING, MODULES, listing


def test_nothing_public_has_changed_unnoticed() -> None:
    recorded = LISTING.read_text(encoding="utf-8").splitlines()
    changes = [
        line
        for line in difflib.unified_diff(recorded, listing().splitlines(), lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    assert changes == [], (
        "the public API has changed. If that is meant: make generate, and a line in CHANGELOG.md"
    )


@pytest.mark.parametrize("module", MODULES)
def test_every_exported_name_is_recorded(module: str) -> None:
    exported = {f"{module}.{name}" for name in import_module(module).__all__}
    recorded = re.findall(r"^(?:async )?\w+ ([\w.]+)", LISTING.read_text("utf-8"), re.MULTILINE)
    assert exported - set(recorded) == set()
