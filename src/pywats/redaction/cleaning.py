"""Remove control characters on which a terminal, a log viewer or an XML parser would act."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["printable"]

# Escape sequences of ECMA-48 (ANSI): CSI, then the string sequences (OSC, DCS, SOS, PM, APC) up to
# their terminator, then the short sequences. Of an unterminated string only the introducer is
# removed.
_ESCAPE_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)


def printable(text: str, *, keep: str = "") -> str:
    r"""Return the text without escape sequences, control characters and invisible characters.

    Escape sequences and format characters (bidirectional marks, zero-width characters) are
    removed. Lone surrogates, which `os.fsdecode` puts into file names that are not UTF-8, become
    ``\udce9``. Every other character that `str.isprintable` rejects becomes a space.

    Args:
        text: Any text.
        keep: Control characters that are left as they are, such as the line feed.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in keep else _replacement(char)
        for char in _ESCAPE_SEQUENCES.sub("", text)
    )


def _replacement(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":
        return f"\\u{ord(char):04x}"
    return "" if category == "Cf" else " "
