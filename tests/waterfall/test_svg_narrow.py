from __future__ import annotations

from pywats.waterfall import draw_narrow_svg
from tests.waterfall.pictures import read
from tests.waterfall.test_svg import CALL, ID, TRACE


def test_names_bars_and_facts_are_below_each_other() -> None:
    picture = read(draw_narrow_svg(TRACE, trace_id=ID))
    assert [group.texts for group in picture.groups("span", "event")] == [
        ["call", "400 ms"],
        ["GET", "100 ms", "error"],
        ["retry", "after attempt 1: status 503; waits 0.2 s"],
        ["GET", "100 ms"],
    ]
    assert picture.number("width") == 420
    for group in picture.groups("span"):
        (bar,) = group.all("rect")
        assert bar.number("x") + bar.number("width") <= 400


def test_log_lines_are_wrapped_with_the_id_in_them() -> None:
    line = f"10:00:00.000 WARNING [{ID}] pywats.sync: " + "attempt failed " * 10
    picture = read(draw_narrow_svg([CALL], trace_id=ID, call="api.call()  # why", log_lines=[line]))
    (log,) = picture.groups("log")
    assert log.texts[:4] == ["10:00:00.000 ", "WARNING", "[", ID]
    assert max(map(len, log.texts)) <= 48
    assert picture.groups("call")[0].texts == ["api.call()"]


def test_a_trace_without_spans_is_a_picture_all_the_same() -> None:
    picture = read(draw_narrow_svg([], trace_id=ID, log_lines=[f"t INFO {ID}", ""]))
    assert picture.groups("span") == []
