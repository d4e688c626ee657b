"""Messages of commands speak of options and variables, not of keyword arguments."""

from __future__ import annotations

import re

import pytest

from tests.cli.running import invoke

FRAME = re.compile("[│╭╰─╮╯\\s]+")
GOOD = {"PYWATS_BASE_URL": "http://127.0.0.1:9", "PYWATS_TOKEN": "dGVzdDp0ZXN0"}


def printed(*command: str, env: dict[str, str]) -> str:
    done = invoke(*command, code=None, env=env | {"COLUMNS": "300"})
    assert done.exit_code != 0
    return FRAME.sub(" ", done.output)


@pytest.mark.parametrize("command", [("doctor",), ("report", "submit", "x.json")], ids="-".join)
@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PYWATS_BASE_URL": ""}, "no address of the server: give --base-url or set PYWATS_BASE_"),
        ({"PYWATS_BASE_URL": "ftp://x"}, "PYWATS_BASE_URL='ftp://x': must be an absolute URL"),
        ({"PYWATS_BASE_URL": "http://a:b@c"}, "set them as PYWATS_USERNAME and PYWATS_PASSWORD"),
        ({"PYWATS_TOKEN": ""}, "no credentials: set PYWATS_TOKEN, or PYWATS_USERNAME and PYWATS_"),
        ({"PYWATS_TOKEN": "ä"}, "PYWATS_TOKEN: must be the base64 text of username:password"),
        ({"PYWATS_TOKEN": "", "PYWATS_USERNAME": "u"}, "PYWATS_PASSWORD is missing: set PYWATS_"),
        ({"PYWATS_TOKEN": "", "PYWATS_PASSWORD": "p"}, "PYWATS_USERNAME is missing: set PYWATS_"),
        (
            {"PYWATS_TOKEN": "", "PYWATS_USERNAME": "u:v", "PYWATS_PASSWORD": "p"},
            "value not shown); set what follows it as PYWATS_PASSWORD",
        ),
        ({"PYWATS_TIMEOUT": "-1"}, "PYWATS_TIMEOUT='-1' in the environment: must be a number"),
    ],
)
def test_a_wrong_setting_is_told_by_its_variable(
    command: tuple[str, ...], environment: dict[str, str], told: str
) -> None:
    output = printed(*command, env=GOOD | environment)
    assert told in output
    assert re.findall(r"(?<![-\w])(?:base_url|token|username|password)=", output) == []


def test_a_wrong_option_is_told_as_one() -> None:
    output = printed("report", "submit", "x.json", "--base-url", "ftp://x", env=GOOD)
    assert "--base-url='ftp://x': must be an absolute URL" in output
