"""What calls tell of texts from outside, and that none of them comes out as it went in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tests.observability.measuring import Measurements, measure
from tests.redaction.hostile import HARMFUL, HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.tracing import Spans

TOKEN = "c3RhdGlvbjpTM2NyM3RQYXNzdzByZA=="
PASSWORD = "S3cr3tPassw0rd"

each_text = pytest.mark.parametrize("kind", HOSTILE)


class Told:
    """What was told of calls: errors and log lines."""

    def __init__(self) -> None:
        self.lines = io.StringIO()
        self.errors: list[str] = []
        self.measured = measure()

    def by(self, call: Callable[[], object], *, errors: bool = True) -> None:
        """Make the call, and keep its error; that of a wrapped object is the object's own."""
        try:
            call()
        except Exception as error:  # noqa: BLE001 - any of them
            if errors:
                notes: list[str] = getattr(error, "__notes__", [])
                self.errors += [str(error), *notes, getattr(error, "excerpt", "")]


def assert_clean(told: Told, spans: Spans) -> None:
    lines = told.lines.getvalue().splitlines()
    assert all(line.startswith("20") for line in lines), lines
    texts = [*told.errors, *lines, *in_spans(spans), *in_metrics(told.measured)]
    for text in texts:
        assert not HARMFUL.search(text.replace("\n", "").replace("\t", "")), ascii(text)
        assert len(text) < 30_000
        assert TOKEN not in text
        assert PASSWORD not in text


def in_spans(spans: Spans) -> Iterator[str]:
    for span in spans.finished:
        yield span.name
        yield span.status.description or ""
        yield from map(str, (span.attributes or {}).values())
        for event in span.events:
            yield event.name
            yield from map(str, (event.attributes or {}).values())


def in_metrics(measured: Measurements) -> Iterator[str]:
    for name, metric in measured.metrics.items():
        yield name
        for point in metric.data.data_points:
            yield from map(str, (point.attributes or {}).values())
