from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

import pytest

from pywats.sync.stubs.imports import Imports
from pywats.sync.stubs.render import StubClass, render

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize(
    "text",
    [
        *('Say "hi"', '"', 'Say \\"', '""""', 'Say """hi"""\nand "bye"'),
        *("a\rb\r\nc\0\x0cd\x1b[0m", "a\u2028b\x85c", "\ta\n\tb", "\xb5\xa0V \u4f60"),
    ],
)
def test_a_docstring_is_the_same_after_it_was_written(text: str, tmp_path: Path) -> None:
    described = StubClass("SyncMeter", ["object"], text)
    file = tmp_path / "meters.pyi"
    rendered = render("m:Meter", [described], Imports("m"))
    file.write_text(rendered, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == rendered
    tree = ast.parse(rendered)
    (written,) = [ast.get_docstring(each) for each in tree.body if isinstance(each, ast.ClassDef)]
    assert written == ast.get_docstring(ast.parse(repr(text)))


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the compiler refuses such a docstring")
def test_a_docstring_that_utf_8_cannot_encode_is_written() -> None:
    described = StubClass("SyncMeter", ["object"], "a \ud800 b")
    assert '"""a \\ud800 b"""' in render("m:Meter", [described], Imports("m"))
