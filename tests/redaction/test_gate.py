from __future__ import annotations

import re
import time

import pytest

from pywats.redaction import NOT_SHOWN, Secrets, one_line, several_lines, without_userinfo
from tests.redaction.hostile import HARMFUL, HOSTILE


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_that_a_terminal_would_act_on_passes(kind: str) -> None:
    assert not HARMFUL.search(one_line(HOSTILE[kind]))
    assert not HARMFUL.search(several_lines(HOSTILE[kind]).replace("\n", "").replace("\t", ""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c\x9b2Jd\x1bMe", "abcde"),
        ("no end \x1b]0;title", "no end 0;title"),
        ("left\u202eto\u200b right", "leftto right"),
        ("one\r\ntwo\u2028three\x85four\x0bfive", "one two three four five"),
        ("file-\udce9.json", r"file-\udce9.json"),
        ("x" * 201, "x" * 199 + "…"),
        ("http://me:hunter2@host/ and //x@y", "http://REDACTED@host/ and //x@y"),
        ("http://me:p@ss@host:80/a@b", "http://REDACTED@host:80/a@b"),
        (
            "404 for 'https://h/a?q=1&access_token=abc&page=2', '/b?SIG=x%20y#z'",
            "404 for 'https://h/a?q=1&access_token=REDACTED&page=2', '/b?SIG=REDACTED#z'",
        ),
        ("?design=1&mysig=2&author=3&token=", "?design=1&mysig=2&author=3&token="),
        ("/a?api_key=x&subscription-key=y", "/a?api_key=REDACTED&subscription-key=REDACTED"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_several_lines_keep_line_feeds_and_both_ends() -> None:
    assert several_lines("a\n\tb\r\x1b[2Jc") == "a\n\tb c"
    assert several_lines("a" * 10 + "b" * 10, limit=9) == "aaa\n…\nbbb"


@pytest.mark.parametrize("url", ["http://me:S3cr3tPassw0rd@h/", "http://h/?sig=S3cr3tPassw0rd&"])
def test_credentials_of_a_url_are_replaced_before_the_text_is_cut(url: str) -> None:
    for before in range(100):
        shown = several_lines("." * before + url + "." * (150 - before), limit=100)
        assert not any(part in shown for part in ("S3", "cr3", "tP", "Pa", "ss", "w0", "rd"))


def test_a_text_without_userinfo_is_unchanged() -> None:
    assert without_userinfo("http://host/") == "http://host/"


def test_a_secret_is_replaced_before_the_text_is_cut() -> None:
    secret = "S3cr3tPassw0rd"
    for before in range(180, 202):
        assert "S3c" not in one_line("." * before + secret, Secrets({secret}))


def test_a_secret_beyond_what_is_searched_is_not_shown_in_part() -> None:
    secret = "S3cr3tPassw0rd"
    text = " " * (256 * 1024 - 5) + secret
    assert one_line(text, Secrets({secret})) == "REDACTED"


def test_a_short_secret_drops_the_text() -> None:
    assert one_line("denied: x1", Secrets({"x1"})) == NOT_SHOWN


@pytest.mark.parametrize(
    "text",
    [
        "%25" * 90_000,
        "&#37;" * 50_000,
        "\x1b[" * 90_000,
        "&token" * 40_000,
        "://" * 90_000,
        "?" * 200_000 + "=",
        "A" * 300_000,
    ],
)
def test_the_gate_takes_little_time_for_long_texts(text: str) -> None:
    began = time.process_time()
    one_line(text, Secrets({"S3cr3tPassw0rd"}), cut=True)
    # A quadratic search would take minutes; this is no measurement.
    assert time.process_time() - began < 10


def test_secrets_do_not_show_themselves() -> None:
    secrets = Secrets({"hunter2", ""})
    assert repr(secrets) == "Secrets(<1 not shown>)"
    assert not re.search("hunter2", repr({"secrets": secrets}))
    assert secrets | Secrets() == secrets
    assert hash(secrets) == hash(Secrets(["hunter2"]))
    assert not Secrets([""])


def test_secrets_are_looked_for_once_and_only_when_they_are_needed() -> None:
    looked: list[str] = []

    def read() -> list[str]:
        looked.append("for them")
        return ["hunter2", ""]

    secrets = Secrets.later(read) | Secrets()
    assert looked == []
    assert one_line("no hunter2", secrets) == "no REDACTED"
    assert secrets | Secrets(["other"]) == Secrets(["hunter2", "other"])
    assert looked == ["for them"]
