"""Each promise on the page on reliability names tests, and they exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "reliability.md").read_text(encoding="utf-8")
ROWS = [
    line for line in PAGE.splitlines() if line.startswith("| ") and line != "| promise | proof |"
]


def test_there_are_promises() -> None:
    assert len(ROWS) > 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:60])
def test_a_promise_names_tests_that_exist(row: str) -> None:
    _, promise, proof, _ = row.split("|")
    named = re.fullmatch(r" `tests/[^`]+`(, `tests/[^`]+`)* ", proof)
    assert promise.strip()
    assert named
    for path, name in re.findall(r"`([^`]+)::(\w+)`", proof):
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name}\(|^{name} = ", source, re.MULTILINE), name
