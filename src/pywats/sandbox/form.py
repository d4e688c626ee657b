"""The file in a ``multipart/form-data`` body (RFC 7578)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pywats.sandbox.answers import ApiError

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["form_file"]

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


async def form_file(request: Request) -> bytes:
    """Return the first file of the form.

    Raises:
        ApiError: The body is no form (415), or has no file (400).
    """
    declared = request.headers.get("content-type", "")
    found = _BOUNDARY.search(declared)
    if not declared.startswith("multipart/form-data") or found is None:
        raise ApiError(415, "The request entity must be multipart/form-data.")
    for part in (await request.body()).split(b"--" + found[1].encode()):
        head, _, content = part.partition(b"\r\n\r\n")
        if b"filename=" in head:
            return content.removesuffix(b"\r\n")
    raise ApiError(400, "The form has no file.")
