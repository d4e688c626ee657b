"""Files as forms, read by a parser of the standard library."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

import pytest

from pywats.http.multipart import multipart_file


@pytest.mark.parametrize("content", [b"", b"line\r\n--line--\r\n", bytes(range(256))])
def test_a_file_is_a_form_of_one_field(content: bytes) -> None:
    body, media_type = multipart_file("file", "report 7.pdf", content, "application/pdf")
    head = f"Content-Type: {media_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    parts = message_from_bytes(head + body).get_payload()
    assert isinstance(parts, list)
    (part,) = parts
    assert isinstance(part, Message)
    assert part.get_content_type() == "application/pdf"
    assert part.get_param("name", header="content-disposition") == "file"
    assert part.get_filename() == "report 7.pdf"
    # The parser takes line ends as it likes.
    assert content in body


def test_a_file_without_a_media_type_is_bytes() -> None:
    body, _ = multipart_file("file", "a", b"1")
    assert b"Content-Type: application/octet-stream\r\n\r\n1\r\n" in body
