"""The pages of the documentation, and the code in them.

A block of Python with a title belongs into the file of that name, beside the other files of its
page; a file whose name starts with ``test_`` is run by pytest. Other blocks are programs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```python(?: title=\"([\w./]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (pywats .*?)(?:\s+#.*)?$", re.MULTILINE)
_TARGET = re.compile(r"^\$ make ([a-z-]+)", re.MULTILINE)
_PATH = re.compile(r"`((?:src|tests|docs|scripts|examples)/[\w./<>-]*)`")
_EXAMPLE = re.compile(r"examples/(\w+\.(?:py|ipynb))\b")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page in Markdown."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def files(self) -> dict[str, str]:
        """The titled blocks by their titles; blocks with one title make up one file."""
        files: dict[str, str] = {}
        for title, code in _BLOCK.findall(self.text):
            if title:
                files[title] = f"{files[title]}\n\n{code}" if title in files else code
        return files

    @property
    def examples(self) -> set[str]:
        """The names of the examples that the page names."""
        return set(_EXAMPLE.findall(self.text))

    @property
    def tests(self) -> list[str]:
        return [title for title in self.files if title.startswith("test_")]

    @property
    def programs(self) -> list[str]:
        return [code for title, code in _BLOCK.findall(self.text) if not title]

    @property
    def python(self) -> list[str]:
        """All blocks of Python: what tests run."""
        return [code for _, code in _BLOCK.findall(self.text)]

    @property
    def commands(self) -> list[str]:
        """The lines that start with ``$ pywats``, without comments."""
        return _COMMAND.findall(self.text)

    @property
    def targets(self) -> list[str]:
        """The targets of make in lines that start with ``$ make``."""
        return _TARGET.findall(self.text)

    @property
    def paths(self) -> list[str]:
        """What looks like a path of this repository, between backticks."""
        return _PATH.findall(_FENCED.sub("", self.text))

    @property
    def links(self) -> list[str]:
        return _LINK.findall(_FENCED.sub("", self.text))

    @property
    def anchors(self) -> set[str]:
        """The anchors of the headings, as GitHub and mkdocs make them."""
        return {
            re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
            for heading in _HEADING.findall(_FENCED.sub("", self.text))
        }


def pages() -> dict[str, Page]:
    """Return all pages by their paths below docs."""
    return {path.relative_to(DOCS).as_posix(): Page(path) for path in sorted(DOCS.rglob("*.md"))}
