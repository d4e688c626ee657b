"""The syntax of request lines and header fields (RFC 9112 section 3, RFC 9110 section 5).

It is the syntax that h11 accepts: of the control characters, h11 refuses only the characters that
may end a line or a string.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_target", "is_token", "is_value"]

is_token: Final = re.compile(rb"[-!#$%&'*+.^_`|~0-9a-zA-Z]+").fullmatch
"""Returns a match if the bytes are a valid name of a field, or of a method."""

is_target: Final = re.compile(rb"[\x21-\x7e]+").fullmatch
"""Returns a match if the bytes can be the target of a request."""

is_value: Final = re.compile(rb"(?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?").fullmatch
"""Returns a match if the bytes are a valid value of a field."""
