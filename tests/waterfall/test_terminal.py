from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.waterfall import waterfall
from tests.waterfall.records import event, span

if TYPE_CHECKING:
    import pytest


def test_spans_that_are_not_the_librarys_own(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console  # noqa: PLC0415 - after capsys has replaced the stream

    spans = [span("a", 0, 10, event("odd", 5), failed=True), span("b", 10, 10)]
    Console(width=100).print(waterfall(spans))
    first, odd, second = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "a"
    assert first.split()[-1] == "error"
    assert odd.split() == ["◆", "odd", "◆"]
    assert second.split()[0] == "b"
