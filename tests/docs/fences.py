"""What pages are made of, as a Markdown parser reads them.

Unlike a regular expression it overlooks no block: indented in a list, with another fence, without a
language.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from tests.docs.pages import ROOT, Page, pages

if TYPE_CHECKING:
    from pathlib import Path

_TITLE = re.compile(r'title="([^"]+)"')
_ASSIGNMENT = re.compile(r"[A-Z_]+=.*")


@dataclass(frozen=True)
class Fence:
    """A block of code.

    Attributes:
        page: Path of its page below the root of the repository.
        line: Where it begins, from 1.
        info: What stands behind the fence; None for a block that is indented instead.
        code: What is in it.
    """

    page: str
    line: int
    info: str | None
    code: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def language(self) -> str:
        return (self.info or "").partition(" ")[0]

    @property
    def title(self) -> str | None:
        """The name of the file that the code belongs into."""
        found = _TITLE.search(self.info or "")
        return found and found[1]

    @property
    def commands(self) -> list[list[str]]:
        """The commands of a console block as words, without variables set for them."""
        lines = self.code.replace("\\\n", "").splitlines()
        words = [shlex.split(line[2:], comments=True) for line in lines if line.startswith("$ ")]
        return [_without_assignments(each) for each in words]


def texts() -> dict[str, Page]:
    """Return all that is written in Markdown by its path below the root of the repository."""
    others = {
        name: Page(ROOT / name) for name in ("README.md", "CHANGELOG.md", "examples/README.md")
    }
    return others | {f"docs/{name}": page for name, page in pages().items()}


@cache
def fences() -> tuple[Fence, ...]:
    """Return all blocks of code of all pages."""
    return tuple(
        Fence(name, token.map[0] + 1, token.info if token.type == "fence" else None, token.content)
        for name, page in texts().items()
        for token in _parser().parse(page.text)
        if token.type in {"fence", "code_block"} and token.map is not None
    )


@cache
def inline_code(path: Path) -> tuple[str, ...]:
    """Return what stands between backticks in the running text of a page."""
    return tuple(
        child.content
        for token in _parser().parse(path.read_text(encoding="utf-8"))
        for child in token.children or ()
        if child.type == "code_inline"
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _without_assignments(words: list[str]) -> list[str]:
    while words and _ASSIGNMENT.fullmatch(words[0]):
        words = words[1:]
    return words
