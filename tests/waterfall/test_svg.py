from __future__ import annotations

import re

import pytest

from pywats.waterfall import draw_svg
from tests.waterfall.pictures import Element, read
from tests.waterfall.records import event, span

ID = "d5951251bdb572d1b554301cca3ffa8b"
CALL = span("call", 0, 400, event("retry", 100, attempt=1, reason="status 503", delay=0.2))
TRACE = [CALL, span("GET", 1, 101, failed=True, parent=CALL), span("GET", 300, 400, parent=CALL)]


def bars(picture: Element) -> list[tuple[float, float]]:
    """Return start and width of the bars."""
    return [
        (bar.number("x"), bar.number("width"))
        for group in picture.groups("span")
        for bar in group.all("rect")
    ]


def wait_ends(picture: Element) -> list[float]:
    return [line.number("x2") for group in picture.groups("event") for line in group.all("line")]


def test_a_row_for_each_span_and_event() -> None:
    picture = read(draw_svg(TRACE, trace_id=ID))
    assert [group.texts for group in picture.groups("span", "event")] == [
        ["call", "400 ms"],
        ["GET", "100 ms", "error"],
        ["retry", "after attempt 1: status 503; waits 0.2 s"],
        ["GET", "100 ms"],
    ]
    assert [group.marks for group in picture.groups("event")] == [["↻", "↻"]]


def test_bars_and_waits_are_where_the_times_are() -> None:
    picture = read(draw_svg(TRACE, trace_id=ID))
    (start, width), first, second = bars(picture)
    assert first == pytest.approx((start + width / 400, width / 4), abs=0.2)
    assert second == pytest.approx((start + width * 3 / 4, width / 4), abs=0.2)
    assert wait_ends(picture) == [pytest.approx(second[0], abs=0.2)]
    (scale,) = picture.groups("scale")
    assert scale.texts == ["0 ms", "100 ms", "200 ms", "300 ms"]


def test_a_wait_ends_with_the_trace_and_a_moment_can_be_seen() -> None:
    spans = [span("a", 0, 10, event("retry", 5, delay=60)), span("b", 10, 10)]
    picture = read(draw_svg(spans, trace_id=ID))
    (start, width), moment = bars(picture)
    assert wait_ends(picture) == [pytest.approx(start + width, abs=0.2)]
    assert moment == pytest.approx((start + width, 3), abs=0.2)


def test_the_call_and_its_log_lines_stand_above_with_the_id_marked() -> None:
    long = f"10:08:46.973 WARNING [{ID}] pywats.sync: attempt 1 failed: {'really ' * 20}"
    last = f"10:08:47.177 NOTICE look for {ID}"
    drawn = draw_svg(TRACE, trace_id=ID, call="get(1)  # one < two", log_lines=[long, last])
    picture = read(drawn)
    (call,) = picture.groups("call")
    assert call.texts == ["get(1)  ", "# one < two"]
    first, second = picture.groups("log")
    assert first.texts[:4] == ["10:08:46.973", "WARNING", "[", ID]
    assert len(first.texts) > 5
    assert " ".join(first.texts[4:]) == long.partition(ID)[2].strip()
    assert second.texts == ["10:08:47.177", "NOTICE", "look for ", ID]
    # Once in each log line, once at the head of the trace.
    assert len(list(picture.all("rect", "chip"))) == 3
    assert len(list(picture.all("text", "id"))) == 3


def test_long_names_make_it_wider_rather_than_overlap() -> None:
    usual = read(draw_svg(TRACE, trace_id=ID))
    wide = read(draw_svg([span("n" * 120, 0, 10)], trace_id=ID))
    assert usual["width"] == "1000"
    (start, width), *_ = bars(wide)
    assert start > 120 * 7
    assert width > 300
    assert wide.number("width") > start + width


def test_nothing_is_fetched() -> None:
    picture = draw_svg(TRACE, trace_id=ID)
    assert re.findall(r"https?://[^\"]*", picture) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"@import|@font-face|url\(|href|<image|<script", picture)
