"""Texts that a server, a store, a file name or a wrapped object could supply to do harm."""

from __future__ import annotations

import re

HOSTILE = {
    "escape sequence": "a\x1b[2Jz",
    "title": "a\x1b]0;pwned\x07z",
    "title without an end": "a\x1b]0;pwned",
    "C1 controls": "a\x9b2J\x85forged\x9dz",
    "backspaces": "safe\x08\x08\x08\x08evil",
    "bell": "a\x07z",
    "forged line": "a\r\nERROR forged",
    "Unicode line breaks": "a\u2028ERROR\u2029forged\x85z\x0b\x0c\x1cz",
    "right to left": "a\u202egnp.exe\u2066z",
    "zero width": "a\u200b\u2060\ufeffz",
    "NUL": "a\x00z",
    "lone surrogate": "a\udce9z",
    "delete": "a\x7fz",
    "not a character": "a\ufffe\U0010ffffz",
    "tag": "a\U000e0041z",
    "long": "y" * 100_000,
}
"""A dozen kinds and more, by what they are."""

HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\ud800-\udfff\U000e0000-\U000e007f\U0010ffff]"
    "|y{20000}"
)
"""What none of them may leave."""
