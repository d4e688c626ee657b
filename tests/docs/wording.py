"""Wordings that this project does not use, and the prose that they are looked for in.

Prose is what people read: comments, docstrings, messages, and pages without their code.
Run it on some files with ``python -m tests.docs.wording FILE…``.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCED = re.compile(r"^( *)(```|~~~).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"``[^`]+``|`[^`\n]+`|\]\([^)]*\)|https?://\S+")


class Ban(NamedTuple):
    """A wording to avoid.

    Attributes:
        pattern: Finds it, in any case of letters.
        instead: What to write.
    """

    pattern: re.Pattern[str]
    instead: str


def _ban(pattern: str, instead: str) -> Ban:
    return Ban(re.compile(pattern, re.IGNORECASE), instead)


BANS = (
    _ban(
        r"(?<!\bthere )\b(?:is|are|was|were|be|being) no (?!longer\b|more\b|less\b|later\b)\w+",
        "is not a …",
    ),
    _ban(r"\b(?:that|those) of\b", "repeat the noun"),
    _ban(r"\b(?:is|are|for|of|as|with|from|to|by|than|like) one that\b", "repeat the noun"),
    _ban(r"\b(?:so|as) many (?:bytes|seconds|characters|times|attempts)\b", "name the number"),
    _ban(r"\bso many\b", "name the number"),
    _ban(r"\bwhoever\b|\bnobody who\b", "name who it is"),
    _ban(r"\bmend(?:s|ed|ing)?\b", "fix"),
    _ban(r"\bheed(?:s|ed|ing)?\b", "honour, respect"),
    _ban(r"\bdrip(?:s|ped|ping)?\b", "trickle"),
    _ban(r"\banew\b|\bin the midst of\b|\bparted by\b", "again; in the middle of; separated by"),
    _ban(r"\banswer(?:s|ed|ing)?\b", "response (of HTTP), return, reply"),
    _ban(r"(?:^|[.:;] )Nor\b", "a sentence with a subject of its own"),
    _ban(r"\bspeaks? of\b|\bbrings? nothing\b|\bgoes? nowhere\b", "a plain verb"),
    _ban(r"\bwhen things go wrong\b|\bwhat wins\b", "the term that people search for"),
)


class Finding(NamedTuple):
    """A banned wording at a line of a file."""

    line: int
    words: str
    instead: str

    def __str__(self) -> str:
        return f"{self.line}: {self.words!r}; write: {self.instead}"


def findings(path: Path) -> list[Finding]:
    """Return the banned wordings in a file of Python or Markdown."""
    text = path.read_text(encoding="utf-8")
    prose = _prose_of_code(text) if path.suffix == ".py" else _prose_of_page(text)
    found = [
        Finding(line + passage.count("\n", 0, match.start()), match.group().strip(), ban.instead)
        for line, passage in prose
        for ban in BANS
        for match in ban.pattern.finditer(_CODE.sub(_blank, passage))
    ]
    return sorted(found)


def _blank(code: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "`", code.group())


def _prose_of_page(text: str) -> Iterator[tuple[int, str]]:
    yield 1, _FENCED.sub(_blank, text)


def _prose_of_code(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        # One word is a key or a name.
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for found in findings(Path(name)):
            print(f"{name}:{found}")  # noqa: T201 - its output
