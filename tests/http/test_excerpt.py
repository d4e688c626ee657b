from __future__ import annotations

import html
import json
from urllib.parse import quote, quote_plus

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


PASSWORD = 'p+s/w"d<é😀'
SPELLINGS = {
    "as it is": PASSWORD,
    "HTML": html.escape(PASSWORD),
    "HTML of ASP.NET": "p&#x2B;s/w&quot;d&lt;&#xE9;&#x1F600;",
    "HTML in decimal": "p&#43;s/w&#34;d&#60;&#233;&#128512;",
    "JSON": json.dumps(PASSWORD)[1:-1],
    "JSON of ASP.NET": r"p\u002Bs/w\u0022d\u003C\u00E9\uD83D\uDE00",
    "JSON of PHP": r"p+s\/w\"d<\u00e9\ud83d\ude00",
    "URL": quote(PASSWORD, safe=""),
    "form": quote_plus(PASSWORD).lower(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_however_the_server_writes_it(spelling: str) -> None:
    body = f"<p>Bad password: {SPELLINGS[spelling]}!</p>".encode()
    assert excerpt(body, {PASSWORD}) == "<p>Bad password: REDACTED!</p>"


@pytest.mark.parametrize("secrets", [("zd", "dGVzdDp6ZA=="), ("dGVzdDp6ZA==", "zd")])
def test_a_password_that_is_a_part_of_the_token_does_not_leave_its_rest(
    secrets: tuple[str, str],
) -> None:
    assert excerpt(b"got Basic dGVzdDp6ZA== and zd", secrets) == "got Basic REDACTED and REDACTED"
