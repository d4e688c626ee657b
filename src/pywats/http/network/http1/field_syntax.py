"""The syntax of names and values of header fields (RFC 9110 sections 5.6.2 and 5.5).

It is the syntax that h11 accepts: of the control characters, h11 refuses only the characters that
may end a line or a string.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_token", "is_value"]

is_token: Final = re.compile(rb"[-!#$%&'*+.^_`|~0-9a-zA-Z]+").fullmatch
"""Returns a match if the bytes are a valid name of a field, or of a method."""

is_value: Final = re.compile(rb"(?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?").fullmatch
"""Returns a match if the bytes are a valid value of a field."""
