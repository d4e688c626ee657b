"""What people read is in plain words: prose of the package, its pages, examples and scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

import pywats
from tests.docs.fences import texts
from tests.docs.pages import ROOT
from tests.docs.wording import BANS, findings

PACKAGE = Path(pywats.__file__).parents[1]
SOURCES = {
    path.relative_to(root).as_posix(): path
    for root, folders in (
        (PACKAGE, ("pywats", "_pywats_pytest.py")),
        (ROOT, ("benchmarks", "examples", "scripts", "docs")),
    )
    for folder in folders
    for path in sorted([root / folder, *(root / folder).rglob("*.py")])
    if path.suffix == ".py"
}
# The changelog quotes what was.
PAGES = {name: page.path for name, page in texts().items() if name != "CHANGELOG.md"}


@pytest.mark.parametrize("name", [*SOURCES, *PAGES])
def test_what_people_read_is_in_plain_words(name: str) -> None:
    path = SOURCES.get(name) or PAGES[name]
    assert list(map(str, findings(path))) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("# It is no server.\n", "is no server"),
        ('"""The limit of a call, not that of an attempt."""\n', "that of"),
        ('x = "the server answered 503"\n', "answered"),
        ("# Whoever calls.\n", "Whoever"),
        ("# Waits so many seconds.\n", "so many seconds"),
    ],
)
def test_a_banned_wording_is_found(code: str, found: str, tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(code)
    assert found in [each.words for each in findings(path)]


def test_code_names_and_single_words_are_not_prose(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('answer = {"answer": "whoever"}  # `answer` is a name\n')
    page = tmp_path / "page.md"
    page.write_text("See [it](answer.md), `those of`, and\n\n```python\n# whoever\n```\n")
    assert [*findings(module), *findings(page)] == []


def test_each_ban_says_what_to_write() -> None:
    assert all(ban.instead for ban in BANS)
