"""Every form of Basic credentials that a server accepts, and every form in which it echoes them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from pywats.redaction import Secrets, basic_secrets, excerpt

if TYPE_CHECKING:
    from collections.abc import Callable

# In base64: one pad, two pads, no pad, both characters that the alphabets do not share.
PAIRS = {
    "one pad": ("station", "S3cr3tPassw0rd"),
    "two pads": ("station7", "S3cr3tPassw0rds"),
    "no pad": ("station", "S3cr3tPassw0rds!"),
    "both alphabets": ("station", "S3cr3t>>>???Passw0rd"),
    "letters of latin-1": ("Würth", "pÄssw0rd-ÿþÿ"),
    "a colon": ("station", "S3cr3t:Passw0rd"),
}
FORMS: dict[str, Callable[[bytes], str]] = {
    "as RFC 4648 has it": lambda pair: base64.b64encode(pair).decode(),
    "without padding": lambda pair: base64.b64encode(pair).decode().rstrip("="),
    "for URLs": lambda pair: base64.urlsafe_b64encode(pair).decode(),
    "for URLs, without padding": lambda pair: base64.urlsafe_b64encode(pair).decode().rstrip("="),
}
ECHOES: dict[str, Callable[[bytes, str], bytes]] = {
    "the token": lambda _, token: token.encode(),
    "base64": lambda pair, _: base64.b64encode(pair),
    "base64 without padding": lambda pair, _: base64.b64encode(pair).rstrip(b"="),
    "base64 for URLs": lambda pair, _: base64.urlsafe_b64encode(pair),
    "the pair": lambda pair, _: pair,
    "the pair, quoted": lambda pair, _: quote(pair, safe="").encode(),
    "the password": lambda pair, _: pair.partition(b":")[2],
    "the password in hexadecimal": lambda pair, _: pair.partition(b":")[2].hex().encode(),
}
encodings = pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("echo", ECHOES)
@encodings
def test_no_form_is_shown(pair: str, form: str, echo: str, encoding: str) -> None:
    username, password = PAIRS[pair]
    content = f"{username}:{password}".encode(encoding)
    token = FORMS[form](content)
    shown = excerpt(
        b"<p>Bad: " + ECHOES[echo](content, token) + b" !</p>", Secrets(basic_secrets(token))
    )
    assert shown.startswith("<p>Bad: ")
    assert shown.endswith("REDACTED !</p>")
    assert password not in shown
    assert token.rstrip("=") not in shown


@pytest.mark.parametrize("shown_as", ["utf-8", "latin-1"])
@encodings
def test_a_server_may_read_and_write_other_character_sets(encoding: str, shown_as: str) -> None:
    token = base64.b64encode("Würth:pÄssw0rd".encode(encoding)).decode()
    body = f'{{"Message": "Bad password: {"pÄssw0rd"} !"}}'.encode(shown_as)
    assert excerpt(body, Secrets(basic_secrets(token))) == "Bad password: REDACTED !"


def test_a_key_that_is_sent_as_the_user_name() -> None:
    for pair in (b"sk_live_S3cr3t:", b"sk_live_S3cr3t:X"):
        secrets = Secrets(basic_secrets(base64.b64encode(pair).decode()))
        assert excerpt(b"no key sk_live_S3cr3t", secrets) == "no key REDACTED"


def test_the_user_name_is_shown() -> None:
    secrets = Secrets(basic_secrets(base64.b64encode(b"station-7:S3cr3tPassw0rd").decode()))
    assert excerpt(b"station-7 may not", secrets) == "station-7 may not"


@pytest.mark.parametrize("token", ["", "=", "a", "a===", "eA==", "é", "not base64!", "x" * 5])
def test_what_is_not_base64_of_a_pair_hides_no_other_text(token: str) -> None:
    secrets = Secrets(basic_secrets(token))
    assert excerpt(b"x is not a part", secrets) == "x is not a part"
