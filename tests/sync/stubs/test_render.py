from __future__ import annotations

import pytest

from pywats.sync.stubs.imports import Imports
from pywats.sync.stubs.render import StubClass, render


def test_a_stub_that_is_not_python_is_refused_with_its_line() -> None:
    odd = StubClass("SyncMeter", ["SyncFace[1 +]"], None)
    with pytest.raises(
        ValueError, match=r"the stub made from m:Meter is not valid Python .*1 \+"
    ) as caught:
        render("m:Meter", [odd], Imports("m"))
    assert "in a plainer way" in str(caught.value)


def test_a_docstring_with_an_odd_escape_is_no_reason() -> None:
    described = StubClass("SyncMeter", ["object"], r"Match \d.")
    assert "class SyncMeter(object):" in render("m:Meter", [described], Imports("m"))
