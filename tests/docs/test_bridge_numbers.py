"""What the page on the event loop says of costs holds the medians of the last benchmark."""

from __future__ import annotations

import json
import re

import pytest

from tests.docs.pages import DOCS

PAGE = (DOCS / "explanation" / "why-no-event-loop.md").read_text(encoding="utf-8")
CASES = json.loads((DOCS / "benchmarks" / "results.json").read_text(encoding="utf-8"))["cases"]
ONE_THREAD = "1 thread"


def bridge(name: str) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    return (
        ("runners", "a coroutine that returns at once", name),
        ("runners", "httpx.AsyncClient.get", name),
    )


# For each row of the page its two rows in the benchmark.
ROWS = {
    "`send(None)`": (
        ("engine", ONE_THREAD, "coroutine.send(None)"),
        ("product_get", ONE_THREAD, "pywats"),
    ),
    "a loop for each thread": bridge("loop of the thread"),
    "anyio's `BlockingPortal`": bridge("anyio BlockingPortal"),
    "`asyncio.run`": bridge("asyncio.run"),
    "asgiref's `async_to_sync`": bridge("asgiref async_to_sync"),
}


def median(case: str, table: str, name: str) -> float:
    found = [row["median"] for row in CASES[case]["tables"][table] if row["name"] == name]
    assert len(found) == 1
    return float(found[0])


def numbers(text: str) -> tuple[float, float]:
    low, high = re.findall(r"[\d.,]+", text)
    return float(low.replace(",", "")), float(high.replace(",", ""))


def test_the_page_has_these_rows() -> None:
    _, _, table = PAGE.partition("| bridge |")
    rows = [line for line in table.partition("\n\n")[0].splitlines() if " to " in line]
    for line, start in zip(rows, ROWS, strict=True):
        assert line.startswith(f"| {start}")


@pytest.mark.parametrize("start", ROWS)
def test_a_range_holds_the_median(start: str) -> None:
    row = re.search(rf"^\| {re.escape(start)}.*?\|(.*?)\|(.*?)\|$", PAGE, re.MULTILINE)
    assert row is not None
    for cell, measured in zip(row.groups(), ROWS[start], strict=True):
        low, high = numbers(cell)
        assert low <= median(*measured) <= high, measured


def test_the_engine_costs_what_the_page_says() -> None:
    said = re.search(r"whichever runner runs: ([\d]+ to [\d]+) µs", PAGE)
    assert said is not None
    low, high = numbers(said[1])
    assert low <= median("engine", ONE_THREAD, "pywats engine") <= high


def test_a_blocking_client_is_the_quickest_way_to_get_something() -> None:
    get = [median(*rows[1]) for rows in ROWS.values()]
    assert min(get) == get[0]
