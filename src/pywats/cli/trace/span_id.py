"""Parse span ids in the form in which stores write them."""

from __future__ import annotations

import re

__all__ = ["span_id"]

# Jaeger leaves out leading zeros.
_HEX = re.compile(r"[0-9a-fA-F]{1,16}")


def span_id(text: str) -> int:
    """Return the id as an integer of 64 bits.

    Args:
        text: 1 to 16 hex digits.

    Raises:
        ValueError: The text is not a span id.
    """
    if not _HEX.fullmatch(text):
        raise ValueError("a span id has 1 to 16 hex digits")
    return int(text, 16)
