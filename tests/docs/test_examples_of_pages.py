"""Every guide has an example that runs, every example a guide that says what it is for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT, pages

if TYPE_CHECKING:
    from pathlib import Path

PAGES = pages()
GUIDES = [name for name in PAGES if name.startswith("guides/") or name == "tutorial.md"]
EXAMPLES = {path.name for path in (ROOT / "examples").iterdir() if path.is_file()}
EXCERPTS = [(name, *excerpt) for name, page in PAGES.items() for excerpt in page.excerpts]


def code_of(example: Path) -> str:
    text = example.read_text(encoding="utf-8")
    if example.suffix != ".ipynb":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return "".join("".join(cell["source"]) + "\n" for cell in cells)


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_examples_that_exist(name: str) -> None:
    assert PAGES[name].examples
    assert PAGES[name].examples <= EXAMPLES


def test_every_example_is_named_by_a_guide() -> None:
    assert set().union(*(PAGES[name].examples for name in GUIDES)) == EXAMPLES


@pytest.mark.parametrize(("name", "example", "code"), EXCERPTS)
def test_what_a_page_shows_of_an_example_stands_in_it(name: str, example: str, code: str) -> None:
    del name
    assert code in code_of(ROOT / example)
