"""Modules made of source, and the stubs of the classes in them."""

from __future__ import annotations

import importlib
import itertools
import textwrap
from typing import TYPE_CHECKING

import pytest

from pywats.sync.stubs import stub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NUMBERS = itertools.count()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a function that writes a module and returns its name."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(source: str) -> str:
        # A name of its own each time: modules and their sources are cached by name.
        name = f"stub_source_{next(_NUMBERS)}"
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        return name

    return write


@pytest.fixture
def body(module: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that returns what the stub of the class ``AsyncThing`` says."""

    def generate(source: str) -> str:
        name = module(source)
        text = stub("faces", [importlib.import_module(name).AsyncThing])
        return text.partition("class SyncThing")[2].replace(name, "source")

    return generate
