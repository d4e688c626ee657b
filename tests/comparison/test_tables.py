"""The tables hold what the tests prove, and nothing else."""

from __future__ import annotations

import re

from tests.comparison.bridges import BRIDGES
from tests.comparison.clients import CLIENTS
from tests.comparison.tables import PAGE, README, ROOT, rows

PROVED = [row for row in rows(PAGE) if "test" in row.cells]
FILES = ("tests/comparison/test_clients.py", "tests/comparison/test_bridges.py")


def test_each_row_of_the_page_has_its_test_and_each_test_its_row() -> None:
    tests = {
        f"`{path}::{name}`"
        for path in FILES
        for name in re.findall(r"^def (test_\w+)", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    }
    named = [row.cells["test"] for row in PROVED]
    assert len(named) == len(tests)
    assert set(named) == tests


def test_the_columns_are_those_that_the_tests_run() -> None:
    columns = {tuple(row.cells)[:-1] for row in PROVED}
    assert columns == {CLIENTS, BRIDGES}


def test_the_readme_says_what_the_page_says() -> None:
    page = {
        row.promise: {column: cell for column, cell in row.cells.items() if column != "test"}
        for row in PROVED
    }
    compared = [row for row in rows(README) if tuple(row.cells) in {CLIENTS, BRIDGES}]
    assert len(compared) > 10
    assert {row.promise: row.cells for row in compared} == {
        row.promise: page[row.promise] for row in compared
    }
