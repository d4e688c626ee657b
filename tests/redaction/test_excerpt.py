from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from pywats.redaction import EXCERPT_BYTES, NOT_SHOWN, Secrets, excerpt


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"Message": "No such part."}', "No such part."),
        (b'{"ModelState": {"a": ["b"]}, "title": "Bad"}', "Bad"),
        (b'{"code": 7}', '{"code": 7}'),
        (b'{"message": 7, "error": ""}', '{"message": 7, "error": ""}'),
        (b'{"broken', '{"broken'),
        (b"[" * 9_000, "[" * 199 + "…"),
        (b"<html>\r\n  <b>502</b>\t</html>", "<html> <b>502</b> </html>"),
        (b"\x1b[31mred\x1b[0m", "red"),
        (b"caf\xe9", "café"),
        (b"x" * (EXCERPT_BYTES - 4) + b"caf\xc3\xa9", "x" * 199 + "…"),
        (b"", ""),
    ],
)
def test_an_excerpt_is_the_message_or_the_start_of_the_body(body: bytes, shown: str) -> None:
    assert excerpt(body) == shown


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_encoding_of_a_body_is_the_one_it_shows(encoding: str) -> None:
    assert excerpt('{"Message": "Grüße"}'.encode(encoding)) == "Grüße"


def test_an_excerpt_is_short() -> None:
    assert excerpt(b"x" * 10_000) == "x" * 199 + "…"
    assert len(excerpt(b'{"Message": "' + b"y" * 5_000 + b'"}')) == 200


PASSWORD = 'p+s/w"d<é😀 x'
SPELLINGS = {
    "as it is": PASSWORD,
    "HTML": html.escape(PASSWORD),
    "HTML of ASP.NET": "p&#x2B;s/w&quot;d&lt;&#xE9;&#x1F600; x",
    "HTML in decimal": "p&#43;s/w&#34;d&#60;&#233;&#128512;&nbsp;x".replace("&nbsp;", "&#32;"),
    "XML": "p+s/w&quot;d&lt;é😀 x",
    "JSON": json.dumps(PASSWORD)[1:-1],
    "JSON of ASP.NET": r"p\u002Bs/w\u0022d\u003C\u00E9\uD83D\uDE00 x",
    "JSON of PHP": r"p+s\/w\"d<\u00e9\ud83d\ude00 x",
    "repr of Python": r'p+s/w"d<\xe9😀 x',
    "URL": quote(PASSWORD, safe=""),
    "URL in lower case": quote(PASSWORD, safe="").lower(),
    "URL in latin-1": "p+s%2Fw%22d%3C%E9😀%20x",
    "form": quote_plus(PASSWORD).lower(),
    "URL in a URL": quote(quote(PASSWORD, safe=""), safe=""),
    "URL in HTML": html.escape(quote(PASSWORD, safe="&")).replace("%", "&#37;"),
    "base64": base64.b64encode(PASSWORD.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(PASSWORD.encode()).decode(),
    "base64 of user:password": base64.b64encode(f"station:{PASSWORD}".encode()).decode(),
    "base64 of :password!": base64.b64encode(f":{PASSWORD}!".encode()).decode(),
    "hexadecimal": PASSWORD.encode().hex(),
    "UTF-8 read as latin-1": PASSWORD.encode().decode("latin-1"),
    "read as ASCII": PASSWORD.encode().decode("ascii", "ignore"),
    "with a NUL after each character": "\0".join(PASSWORD),
    "with an escape sequence inside": f"{PASSWORD[:4]}\x1b[31m{PASSWORD[4:]}",
    "with a mark inside": f"{PASSWORD[:4]}\u202e{PASSWORD[4:]}",
    "folded": f"{PASSWORD[:4]}\r\n {PASSWORD[4:]}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_however_the_server_writes_it(spelling: str) -> None:
    body = f"<p>Bad password: {SPELLINGS[spelling]} !</p>".encode()
    assert excerpt(body, Secrets({PASSWORD})) == "<p>Bad password: REDACTED !</p>"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_secret_is_found_in_any_encoding(encoding: str) -> None:
    body = f"<p>Bad password: {PASSWORD}!</p>".encode(encoding)
    assert excerpt(body, Secrets({PASSWORD})) == "<p>Bad password: REDACTED!</p>"


def test_a_secret_is_found_in_latin_1() -> None:
    assert excerpt(b"no: m\xfcller-77", Secrets({"müller-77"})) == "no: REDACTED"


@pytest.mark.parametrize("order", [1, -1])
def test_a_password_that_is_a_part_of_the_token_does_not_leave_its_rest(order: int) -> None:
    secrets = ["zd34Kp", "dGVzdDp6ZDM0S3A="][::order]
    body = b"got Basic dGVzdDp6ZDM0S3A= and zd34Kp"
    assert excerpt(body, Secrets(secrets)) == "got Basic REDACTED and REDACTED"


TOKEN = base64.b64encode(b"station:S3cr3tPassw0rd").decode()


@pytest.mark.parametrize("length", range(3, len(TOKEN)))
def test_the_start_of_a_secret_at_the_end_of_a_truncated_body_is_not_shown(length: int) -> None:
    body = f"Authorization: Basic {TOKEN[:length]}".encode()
    assert excerpt(body, Secrets({TOKEN}), cut=True) == "Authorization: Basic REDACTED"


@pytest.mark.parametrize("cut_escape", ["%", "%2", "\\", "\\u00", "&", "&#x3", "&am"])
def test_neither_is_one_that_ends_with_a_part_of_an_escape(cut_escape: str) -> None:
    body = f"got {TOKEN[:20]}{cut_escape}".encode()
    assert excerpt(body, Secrets({TOKEN}), cut=True) == "got REDACTED"


@pytest.mark.parametrize("before", range(EXCERPT_BYTES - len(TOKEN) - 2, EXCERPT_BYTES + 2))
def test_a_secret_at_the_end_of_what_is_read_is_not_shown_in_part(before: int) -> None:
    body = b" " * before + TOKEN.encode() + b"</body>" * 9
    shown = excerpt(body, Secrets({TOKEN}))
    assert TOKEN[:4] not in shown


def test_a_text_with_a_short_secret_is_not_shown_and_not_mangled() -> None:
    assert excerpt(b"access has been denied", Secrets({"b"})) == "access has been denied"
    assert excerpt(b"password 'b' is wrong", Secrets({"b"})) == NOT_SHOWN
    assert excerpt(b"password %62 is wrong", Secrets({"b"})) == NOT_SHOWN
    assert excerpt(b"my-abc12-x", Secrets({"abc12"})) == NOT_SHOWN
