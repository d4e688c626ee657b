from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from pywats.waterfall import waterfall
from tests.waterfall.records import event, span


def test_spans_that_are_not_the_librarys_own() -> None:
    drawn = io.StringIO()
    spans = [span("a", 0, 10, event("odd", 5), failed=True), span("b", 10, 10)]
    Console(width=100, file=drawn).print(waterfall(spans))
    first, odd, second = drawn.getvalue().splitlines()
    assert first.split()[0] == "a"
    assert first.split()[-1] == "error"
    assert odd.split() == ["◆", "odd", "◆"]
    assert second.split()[0] == "b"


@pytest.mark.parametrize("width", [33, 40, 60, 80, 100, 118, 200])
def test_no_width_cuts_a_name_a_duration_or_facts(width: int) -> None:
    long = "GET /api/Product/{partNumber}/Revision/{revision}"
    call = span("pywats.product.get_product_revision", 0, 400)
    retry = event("retry", 100, attempt=1, delay=0.2, reason="status 503")
    attempt = span(long, 10, 350, retry, parent=call, failed=True)
    drawn = io.StringIO()
    Console(width=width, file=drawn).print(waterfall([call, attempt]))
    lines = drawn.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= width
    letters = "".join("".join(lines).split())
    for text in (call.name, long, "400ms", "340ms", "retry", "status503", "error"):
        assert text.replace(" ", "") in letters
    assert "…" not in letters


def test_a_trace_without_spans_is_empty() -> None:
    drawn = io.StringIO()
    Console(width=40, file=drawn).print(waterfall([]))
    assert drawn.getvalue().strip() == ""
