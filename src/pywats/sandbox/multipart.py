"""Parser of files in ``multipart/form-data`` (RFC 7578)."""

from __future__ import annotations

import re
from email import message_from_string
from email.message import Message
from typing import NamedTuple

from pywats.sandbox.responses import ApiError

__all__ = ["FormFile", "form_file"]

# Escapes of characters that would end the name or the line (HTML section 4.10.21.8).
_ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n"}


class FormFile(NamedTuple):
    """A file in a form.

    Attributes:
        name: Name of the file.
        media_type: Its media type.
        content: Its bytes.
    """

    name: str
    media_type: str
    content: bytes


def form_file(content_type: str, body: bytes) -> FormFile:
    """Return the one file in a form.

    Args:
        content_type: The ``Content-Type`` of the request.
        body: The body of the request.

    Raises:
        ApiError: The body is not a form with one file (400).
    """
    declared = Message()
    # email raises UnicodeEncodeError for some characters that are not ASCII.
    declared["Content-Type"] = content_type.encode("ascii", "replace").decode()
    boundary = declared.get_boundary()
    if declared.get_content_type() != "multipart/form-data" or boundary is None:
        raise ApiError(400, "The request must be multipart/form-data.")
    files: list[FormFile] = []
    # The line break before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
    for part in (b"\r\n" + body).split(f"\r\n--{boundary}".encode()):
        head, _, content = part.partition(b"\r\n\r\n")
        headers = message_from_string(head.strip().decode(errors="replace"))
        escaped = headers.get_filename()
        if escaped is not None:
            name = re.sub("|".join(_ESCAPES), lambda found: _ESCAPES[found[0]], escaped)
            files.append(FormFile(name, headers.get_content_type(), content))
    if len(files) != 1:
        raise ApiError(400, "The form must hold one file.")
    return files[0]
