"""The phases of an attempt in its bar."""

from __future__ import annotations

import io
import math
import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from pywats.observability.semconv import PHASES
from pywats.waterfall import SpanRecord, draw_svg, waterfall
from pywats.waterfall.phases import GLYPHS, segments_of
from pywats.waterfall.svg_narrow import draw_narrow_svg
from tests.waterfall.pictures import read

if TYPE_CHECKING:
    from collections.abc import Callable

MS = 1_000_000
ATTEMPT = {
    "http.response.status_code": 200,
    "pywats.phase.pool": 0.1,
    "pywats.phase.dns": 0.1,
    "pywats.phase.connect": 0.05,
    "pywats.phase.tls": 0.05,
    "pywats.phase.send": 0.1,
    "pywats.phase.wait": 0.3,
    "pywats.phase.receive": 0.3,
}


def spans(attributes: dict[str, object], milliseconds: int = 1000) -> list[SpanRecord]:
    end = milliseconds * MS
    return [
        SpanRecord("call", 1, None, 0, end, False, {}, ()),
        SpanRecord("GET /", 2, 1, 0, end, False, attributes, ()),
    ]


def printed(records: list[SpanRecord]) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=200).print(waterfall(records))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_the_phases_are_those_that_a_span_has() -> None:
    assert list(GLYPHS) == list(PHASES)
    assert [each.name for each in PHASES.values()] == [f"pywats.phase.{name}" for name in GLYPHS]


def test_the_bar_of_an_attempt_in_the_terminal() -> None:
    assert printed(spans(dict(ATTEMPT))) == [
        f"call    {'━' * 32} 1000 ms",
        "  GET / ···╌╌╌┄┄══▪▪▪─────────━━━━━━━━━━ 1000 ms 200 · pool 100 ms, dns 100 ms, "
        "send 100 ms, wait 300 ms, receive 300 ms",
        "· pool  ╌ dns  ┄ connect  ═ tls  ▪ send  ─ wait  ━ receive",
    ]


def test_without_phases_the_bar_is_solid_and_needs_no_legend() -> None:
    first, second = printed(spans({"http.response.status_code": 200}))
    assert first.split()[1] == second.split()[2] == "━" * 32


def test_phases_of_a_fast_attempt_are_not_named_beside_it() -> None:
    fast = {"pywats.phase.wait": 0.0004, "pywats.phase.pool": 0.00001}
    assert "wait" not in printed(spans(dict(fast), milliseconds=1))[1]


@pytest.mark.parametrize("draw", [draw_svg, draw_narrow_svg])
def test_the_bar_of_an_attempt_in_a_picture(draw: Callable[..., str]) -> None:
    picture = read(draw(spans(dict(ATTEMPT)), trace_id="a" * 32))
    parts = list(picture.all("rect", "phase"))
    assert [each.titles for each in parts] == [
        ["pool 100 ms"],
        ["dns 100 ms"],
        ["connect 50 ms"],
        ["tls 50 ms"],
        ["send 100 ms"],
        ["wait 300 ms"],
        ["receive 300 ms"],
    ]
    places = [(each.number("x"), each.number("width")) for each in parts]
    for (x, width), (after, _) in pairwise(places):
        assert x + width == pytest.approx(after, abs=0.11)


def test_what_a_store_may_hold_stays_within_the_bar() -> None:
    odd: list[object] = [
        *(None, True, "0.1", b"", [], {}, -1, 0, 10**400, -(10**400)),
        *(math.nan, math.inf, -math.inf, 1e308, 1e-12, 0.2),
    ]
    draw = random.Random(4)  # noqa: S311 - which values meet
    for _ in range(500):
        attributes = {f"pywats.phase.{name}": draw.choice(odd) for name in GLYPHS}
        start, length = draw.choice([0, 5, 2**62]), draw.choice([0, 1, 10**9, 2**62])
        at = start
        for each in segments_of(attributes, start, start + length):
            assert at == each.start < each.end <= start + length
            at = each.end
        printed(spans(attributes))
