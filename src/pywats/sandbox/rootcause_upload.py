"""Read a file that came as ``multipart/form-data`` (RFC 7578)."""

from __future__ import annotations

import re

from pywats.sandbox.answers import ApiError
from pywats.sandbox.rootcause_store import UploadedFile

__all__ = ["uploaded_file"]

_BOUNDARY = re.compile(r'multipart/form-data;.*\bboundary="?([^";]+)"?')
_FILENAME = re.compile(r'\bfilename="([^"]*)"')
# What browsers and httpx write for characters that would end the name.
_ESCAPED = {"%22": '"', "%0D": "\r", "%0A": "\n"}


def uploaded_file(content_type: str, body: bytes) -> UploadedFile:
    """Return the first file of a form.

    Args:
        content_type: The ``Content-Type`` of the request.
        body: The body of the request.

    Raises:
        ApiError: The body is no form, or has no file with a name (400).
    """
    declared = _BOUNDARY.match(content_type)
    if declared is None:
        raise ApiError(400, "The request is not multipart/form-data.")
    # The line break before a boundary belongs to the boundary (RFC 2046 section 5.1.1).
    for part in (b"\r\n" + body).split(f"\r\n--{declared[1]}".encode()):
        head, _, content = part.partition(b"\r\n\r\n")
        if found := _FILENAME.search(head.decode(errors="replace")):
            name = re.sub("%22|%0D|%0A", lambda escaped: _ESCAPED[escaped[0]], found[1])
            return UploadedFile(name, content)
    raise ApiError(400, "The form holds no file.")
