"""Every guide has an example that runs, every example a guide that says what it is for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT, pages

if TYPE_CHECKING:
    from pathlib import Path

PAGES = pages()
GUIDES = [name for name in PAGES if name.startswith("guides/") or name == "tutorial.md"]
EXAMPLES = {
    path.name
    for path in (ROOT / "examples").iterdir()
    if path.is_file() and path.name != "README.md"
}
SHOWN = [(name, title) for name, page in PAGES.items() for title in page.files if title in EXAMPLES]


def code_of(example: Path) -> str:
    text = example.read_text(encoding="utf-8")
    if example.suffix != ".ipynb":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return "\n\n".join("".join(cell["source"]) + "\n" for cell in cells)


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_examples_that_exist(name: str) -> None:
    assert PAGES[name].examples
    assert PAGES[name].examples <= EXAMPLES


def test_every_example_is_named_by_a_guide() -> None:
    assert set().union(*(PAGES[name].examples for name in GUIDES)) == EXAMPLES


@pytest.mark.parametrize(("name", "example"), SHOWN)
def test_a_page_that_shows_an_example_shows_all_of_it(name: str, example: str) -> None:
    # Blocks are joined by two empty lines.
    shown, there = PAGES[name].files[example], code_of(ROOT / "examples" / example)
    assert list(filter(None, shown.splitlines())) == list(filter(None, there.splitlines()))


def test_the_index_of_the_examples_has_a_line_for_each() -> None:
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(\S+)\]\((\S+)\) \| \S.*?\S \|", text, re.MULTILINE)
    assert sorted(listed) == sorted((name, name) for name in EXAMPLES)
