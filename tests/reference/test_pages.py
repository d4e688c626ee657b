"""The generated pages are those that the code makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference.pages import PAGES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path](), "make generate"
