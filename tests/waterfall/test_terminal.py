from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from rich.console import Console

from pywats.waterfall import waterfall
from tests.waterfall.records import event, span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment


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


def test_a_row_is_not_rendered_cell_by_cell() -> None:
    rendered: list[object] = []

    class CountingConsole(Console):
        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterable[Segment]:
            rendered.append(renderable)
            return super().render(renderable, options)

    drawn = io.StringIO()
    spans = [span(f"s{number}", number, number + 1, failed=True) for number in range(200)]
    CountingConsole(width=100, file=drawn).print(waterfall(spans))
    assert len(drawn.getvalue().splitlines()) == 200
    assert len(rendered) < 10


def test_facts_that_are_folded_stay_in_their_column() -> None:
    drawn = io.StringIO()
    reason = " ".join(f"part{number}" for number in range(12))
    retry = event("retry", 1, attempt=1, delay=0.2, reason=reason)
    Console(width=90, file=drawn).print(waterfall([span("call", 0, 10, retry)]))
    _, first, *others = drawn.getvalue().splitlines()
    column = first.index("after attempt")
    assert len(others) >= 2
    assert {len(line) - len(line.lstrip()) for line in others} == {column}
    assert all(line == line.rstrip() for line in others)
