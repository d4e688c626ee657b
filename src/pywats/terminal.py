"""Write text to output streams whose encoding does not have every character.

Redirected output on Windows uses the code page of the machine, and a minimal container uses ASCII.
Characters that are not in the encoding are replaced with plain characters, so that the program
does not fail with a UnicodeEncodeError.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import Final

__all__ = ["use_plain_characters", "width_of_a_file"]

_HANDLER: Final = "pywats.plain_characters"
_PLAIN: Final = {
    "…": "...",
    "—": "-",
    "\u2013": "-",
    "\u2212": "-",
    "→": "->",
    "↻": "~",
    "⏱": "!",
    "✓": "ok",
    "✗": "x",
    "\u00d7": "x",
    "≤": "<=",
    "≥": ">=",
    "·": "-",
    "•": "*",
    "━": "=",
    "─": "-",
    "│": "|",
    "╭": "+",
    "╮": "+",
    "╰": "+",
    "╯": "+",
    "\u201c": '"',
    "\u201d": '"',
    "\u2018": "'",
    "\u2019": "'",
}


_WIDTH: Final = 118


def width_of_a_file() -> int:
    """Return the width of output to a file: ``COLUMNS``, or a width that fits the tables."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) else _WIDTH


def use_plain_characters() -> None:
    """Make standard output and standard error replace characters that they cannot encode."""
    codecs.register_error(_HANDLER, _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in text), error.end
