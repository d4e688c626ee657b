from __future__ import annotations

import pytest

from pywats.http.excerpt import excerpt


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"Message": "No such part."}', "No such part."),
        (b'{"ModelState": {"a": ["b"]}, "title": "Bad"}', "Bad"),
        (b'{"code": 7}', '{"code": 7}'),
        (b'{"message": 7, "error": ""}', '{"message": 7, "error": ""}'),
        (b'{"broken', '{"broken'),
        (b"<html>\r\n  <b>502</b>\t</html>", "<html> <b>502</b> </html>"),
        (b"\x1b[31mred\x1b[0m", "[31mred [0m"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"", ""),
    ],
)
def test_an_excerpt_is_the_message_or_the_start_of_the_body(body: bytes, shown: str) -> None:
    assert excerpt(body) == shown


def test_an_excerpt_is_short() -> None:
    assert excerpt(b"x" * 10_000) == "x" * 199 + "…"
    assert len(excerpt(b'{"Message": "' + b"y" * 5_000 + b'"}')) == 200
