"""The guide to wrapping clients: its table names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guides" / "wrap-your-async-client.md"
TEXT = GUIDE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| .* \| `(tests/[^`]*)` \|$", TEXT, flags=re.MULTILINE)


def test_every_row_of_the_table_names_a_test() -> None:
    table = TEXT.partition("## What is supported")[2]
    assert len(ROWS) == len(re.findall(r"^\| ", table, flags=re.MULTILINE)) - 1


@pytest.mark.parametrize("row", ROWS)
def test_the_test_of_a_row_exists(row: str) -> None:
    path, _, name = row.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (GUIDE.parent / target).exists(), target
