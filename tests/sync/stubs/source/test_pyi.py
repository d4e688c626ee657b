"""Where the stubs of modules are found."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

from pywats.sync.stubs.source import pyi

if TYPE_CHECKING:
    import pytest


def test_without_mypy_the_standard_library_has_no_stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pyi.stub_file(json, "json")
    assert found is not None
    assert found.parts[-3:] == ("stdlib", "json", "__init__.pyi")
    pyi._typeshed.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(importlib.util, "find_spec", lambda _: None)
        assert pyi.stub_file(json, "json") is None
    pyi._typeshed.cache_clear()
    assert pyi.stub_file(json, "json") == found
