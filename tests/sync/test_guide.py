"""The guide to wrapping clients: its code runs, and its table names tests that exist."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guides" / "wrap-your-async-client.md"
TEXT = GUIDE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| .* \| `(tests/[^`]*)` \|$", TEXT, flags=re.MULTILINE)


def test_the_code_runs_as_pasted() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    command = [sys.executable, "-W", "error", "-c", block]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - our own guide
    assert (done.stdout, done.stderr) == ("label SN-1\n['label SN-2', 'label SN-3']\n", "")


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
