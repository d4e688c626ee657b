"""Encode a file as ``multipart/form-data`` (RFC 7578)."""

from __future__ import annotations

import httpx

__all__ = ["multipart_file"]


def multipart_file(
    field: str, filename: str, content: bytes, media_type: str = "application/octet-stream"
) -> tuple[bytes, str]:
    """Encode one file as a form of one field.

    Args:
        field: Name of the form field.
        filename: Name of the file; quotes and line breaks in it are escaped.
        content: The bytes of the file.
        media_type: Media type of the file.

    Returns:
        The body, and its media type with the boundary.
    """
    # The URL is never used: httpx encodes forms only as part of a request.
    encoded = httpx.Request(
        "POST", "http://localhost", files={field: (filename, content, media_type)}
    )
    return encoded.read(), encoded.headers["Content-Type"]
