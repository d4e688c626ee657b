"""Read a file that came as ``multipart/form-data`` (RFC 7578)."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from pywats.sandbox.answers import ApiError

__all__ = ["form_file"]


def form_file(content_type: str, body: bytes) -> tuple[str, bytes]:
    """Return the media type and the content of the one file in a form.

    Args:
        content_type: The ``Content-Type`` of the request.
        body: The body of the request.

    Raises:
        ApiError: The body is no such form, or does not hold just one file (400).
    """
    declared = Message()
    declared["Content-Type"] = content_type
    boundary = declared.get_boundary()
    if declared.get_content_type() != "multipart/form-data" or boundary is None:
        raise ApiError(400, "The request must be multipart/form-data.")
    files: list[tuple[str, bytes]] = []
    # The line break before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
    for part in (b"\r\n" + body).split(f"\r\n--{boundary}".encode()):
        head, _, content = part.partition(b"\r\n\r\n")
        headers = message_from_bytes(head.strip())
        if headers.get_filename() is not None:
            files.append((headers.get_content_type(), content))
    if len(files) != 1:
        raise ApiError(400, "The form must hold one file.")
    return files[0]
