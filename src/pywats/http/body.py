"""Collect the body of a response: decoded, and limited in size."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from pywats.http.content_coding import UnusableBodyError, decoder
from pywats.redaction import EXCERPT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Body", "UnusableBodyError"]

# `pywats.redaction.excerpt` shows EXCERPT_BYTES; one byte more tells it that the body is longer.
_START = EXCERPT_BYTES + 1
# If the content does not compress, a coding adds a header and a share of the size.
_CODING_OVERHEAD = 64 * 1024
_CODING_SHARE = 1024


class Body:
    """The body of one response.

    Args:
        headers: Headers of the response.
        limit: Largest size of the decoded body in bytes; None for no limit.
        check: Called after each decoded piece; raises when the deadline has passed.

    Raises:
        UnusableBodyError: The body has an encoding that was not asked for.
    """

    def __init__(
        self, headers: Mapping[str, str], limit: int | None, check: Callable[[], object]
    ) -> None:
        self._limit = limit
        self._check = check
        self._received = 0
        # BytesIO returns its content without a copy; joining a list of pieces makes one.
        self._content = BytesIO()
        self._decoder = decoder(headers.get("content-encoding", "").strip())

    def expect(self, announced: str) -> None:
        """Refuse a body that will be too large, before any of it has been received.

        Args:
            announced: Value of the header ``Content-Length``; empty if there is none.

        Raises:
            UnusableBodyError: The announced size is above the limit.
        """
        if announced.isdecimal():
            self._admit_received(int(announced))

    def add(self, data: bytes) -> None:
        """Add bytes as they were received.

        Raises:
            UnusableBodyError: The bytes do not decode, or the body has become too large.
        """
        self._received += len(data)
        self._admit_received(self._received)
        if self._decoder is None:
            self._content.write(data)
            return
        for piece in self._decoder.decode(data):
            self._admit(self._content.tell() + len(piece))
            self._content.write(piece)
            self._check()

    def end(self) -> bytes:
        """Return the complete body.

        Raises:
            UnusableBodyError: The encoded data ends too early.
        """
        if self._decoder is not None:
            self._decoder.end()
        return self._content.getvalue()

    def start(self) -> bytes:
        """Return the start of what has been received so far."""
        return self._content.getvalue()[:_START]

    def _admit_received(self, size: int) -> None:
        # Limit the encoded size too: encoded data that expands to nothing could be endless.
        if self._decoder is not None:
            size -= _CODING_OVERHEAD + size // _CODING_SHARE
        self._admit(size)

    def _admit(self, size: int) -> None:
        if self._limit is not None and size > self._limit:
            raise UnusableBodyError(
                f"its body is larger than max_response_bytes={self._limit}: ask for less, or "
                "raise that limit of the client"
            )
