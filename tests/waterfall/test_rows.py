from __future__ import annotations

import io
import random
import time
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from rich.console import Console

from pywats.waterfall import EventRecord, SpanRecord, draw_svg, waterfall
from pywats.waterfall.rows import MOST_ROWS, rows_of
from tests.redaction.hostile import HARMFUL, HOSTILE


def span(
    number: int,
    parent: int | None = None,
    *events: EventRecord,
    name: str = "",
    start: int = 0,
    end: int = 1000,
    failed: bool = False,
    **attributes: object,
) -> SpanRecord:
    return SpanRecord(name or f"s{number}", number, parent, start, end, failed, attributes, events)


def outline(spans: list[SpanRecord]) -> list[str]:
    return [" " * row.depth + row.name for row in rows_of(spans)]


def test_children_and_events_are_below_their_span_by_time() -> None:
    root = span(1, None, EventRecord("retry", 5, {}), start=0)
    spans = [span(3, 1, start=7), root, span(2, 1, start=4), span(4, 2, start=5)]
    assert outline(spans) == ["s1", " s2", "  s4", " retry", " s3"]


def test_a_span_whose_parent_is_missing_is_at_the_left() -> None:
    assert outline([span(1, 9), span(2, 1)]) == ["s1", " s2"]


def test_parents_that_form_a_circle_are_drawn_once() -> None:
    assert outline([span(1, 1)]) == ["s1"]
    assert outline([span(1, 2), span(2, 1), span(3, 2)]) == ["s1", " s2", "  s3"]


def test_a_span_that_the_store_has_twice_is_drawn_once() -> None:
    levels = [span(i, i - 1 if i > 1 else None) for i in range(1, 27)]
    assert outline(levels * 2) == outline(levels)


def test_two_spans_with_one_id_have_their_children_once() -> None:
    both = [span(1, name="client"), span(1, name="server"), span(2, 1)]
    assert outline(both) == ["client", " s2", "server"]


def test_deep_traces_are_indented_up_to_a_level() -> None:
    rows = rows_of([span(i, i - 1 if i > 1 else None) for i in range(1, 3000)])
    assert len(rows) == 2999
    assert max(row.depth for row in rows) == 40


def test_no_more_rows_are_drawn_than_people_read() -> None:
    rows = rows_of([span(1), *(span(i, 1) for i in range(2, 20_001))])
    assert len(rows) == MOST_ROWS + 1
    assert rows[-1].name == f"… {20_000 - MOST_ROWS} more rows"


def test_rows_that_are_left_out_are_counted_and_not_made() -> None:
    class Unread(dict[str, object]):
        def get(self, key: str, default: object = None) -> object:
            raise AssertionError(key, default)

    seen = [span(number) for number in range(1, MOST_ROWS + 1)]
    unseen = [
        replace(span(number, start=1), attributes=Unread())
        for number in range(MOST_ROWS + 1, MOST_ROWS + 4)
    ]
    assert rows_of([*seen, *unseen])[-1].name == "… 3 more rows"


def test_the_number_of_steps_grows_with_the_number_of_spans() -> None:
    began = time.process_time()
    rows_of([span(1), *(span(i, 1) for i in range(2, 100_001))])
    # A step for each pair of spans would take an hour; this is no measurement.
    assert time.process_time() - began < 20


def test_attributes_that_name_each_other_are_not_expanded() -> None:
    attributes: dict[str, object] = {"attempt": "{a0}", "reason": "{attempt}", "delay": 1}
    attributes |= {f"a{i}": f"{{a{i + 1}}}" * 10 for i in range(9)}
    (_, row) = rows_of([span(1, None, EventRecord("retry", 1, attributes))])
    assert row.facts == "after attempt {a0}: {attempt}; waits 1 s"


@pytest.mark.parametrize(
    ("delay", "nanoseconds"),
    [
        (0.5, 500_000_000),
        (float("inf"), 0),
        (float("nan"), 0),
        (-1, 0),
        (10**400, 0),
        ("1", 0),
        (10**18, 2**63 - 1 - 1),
    ],
    ids=["half", "infinite", "NaN", "negative", "huge", "text", "beyond OTLP"],
)
def test_a_wait_is_as_long_as_can_be_drawn(delay: object, nanoseconds: int) -> None:
    (_, row) = rows_of([span(1, None, EventRecord("retry", 1, {"delay": delay}))])
    assert row.end - row.start == nanoseconds


@pytest.mark.parametrize(
    "value",
    [[1], {"a": 1}, None, 10**5000, "x" * 10**6, float("nan")],
    ids=["list", "dict", "None", "integer", "text", "NaN"],
)
def test_any_value_of_an_attribute_is_drawn(value: object) -> None:
    attributes = {"error.type": value, "http.request.resend_count": value}
    spans = [
        SpanRecord("a", 1, None, 0, 10, True, attributes, ()),
        SpanRecord("b", 2, 1, 0, 10, False, {"http.response.status_code": value}, ()),
    ]
    assert all(len(row.facts) <= 300 for row in rows_of(spans))
    draw_everywhere(spans)


@pytest.mark.parametrize(
    ("start", "end"), [(0, 10**30), (-(10**30), 5), (5, 0), (2**63, 2**64), (0, 0)]
)
def test_any_time_is_drawn(start: int, end: int) -> None:
    draw_everywhere([span(1, start=start, end=end), span(2, 1, start=3, end=4)])


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_reaches_terminal_or_picture_as_it_is(kind: str) -> None:
    text = HOSTILE[kind]
    attributes: dict[str, object] = {"reason": text, "exception.type": text, "stop_reason": text}
    events = [EventRecord(name, 1, attributes) for name in ("retry", "exception", text)]
    spans = [SpanRecord(text, 1, None, 0, 9, True, {"error.type": text}, tuple(events))]
    for drawn in draw_everywhere(spans, text):
        assert not HARMFUL.search(drawn.replace("\n", ""))


def test_a_trace_without_spans_is_an_empty_drawing() -> None:
    assert rows_of([]) == []
    draw_everywhere([])


@pytest.mark.parametrize("seed", range(20))
def test_any_tree_of_spans_is_drawn(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - shapes, not secrets
    spans = [
        span(chosen.randrange(12), chosen.randrange(14), start=chosen.randrange(9))
        for _ in range(30)
    ]
    rows = rows_of(spans)
    distinct = {(each.span_id, each.start) for each in spans}
    assert len(rows) == len(distinct)


def draw_everywhere(spans: list[SpanRecord], text: str = "") -> tuple[str, str]:
    stream = io.StringIO()
    Console(file=stream, width=400).print(waterfall(spans))
    picture = draw_svg(
        spans, trace_id="ab" * 16, call=text, log_lines=[text, f"1 INFO {text[:500]}"]
    )
    fromstring(picture)  # noqa: S314 - drawn here
    return stream.getvalue(), picture
