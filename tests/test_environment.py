"""Settings of the environment: read where a value is made without them, and only there."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, RetryConfig, SyncClientConfig, SyncConfig, SyncWATSClient, pyWATS

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "http://127.0.0.1:9"
TOKEN = "eDp5"
EVERYTHING = {
    "PYWATS_TIMEOUT": "12.5",
    "PYWATS_DEADLINE": "60",
    "PYWATS_MAX_RETRIES": "7",
    "PYWATS_RETRY_BACKOFF": "1.5",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def put(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


def test_what_is_not_given_comes_from_the_environment(environment: Callable[..., None]) -> None:
    environment(**EVERYTHING)
    expected = SyncConfig(
        timeout=12.5,
        deadline=60.0,
        retry_enabled=True,
        retry=RetryConfig(max_retries=7, backoff=1.5),
    )
    assert SyncConfig() == expected
    assert pyWATS(URL, TOKEN).config == expected
    assert SyncClientConfig().sync_config() == expected
    assert SyncWATSClient(SyncClientConfig(base_url=URL, token=TOKEN))._api.config == expected


def test_what_is_given_wins_over_the_environment(environment: Callable[..., None]) -> None:
    environment(**EVERYTHING)
    given = SyncConfig(
        timeout=None,
        deadline=None,
        retry_enabled=False,
        retry=RetryConfig(max_retries=1, backoff=2.0),
    )
    assert dataclasses.astuple(given)[:3] == (None, None, False)
    assert (given.retry.max_retries, given.retry.backoff) == (1, 2.0)
    api = pyWATS(URL, TOKEN, timeout=3, deadline=4, max_retries=0)
    assert (api.config.timeout, api.config.deadline, api.config.retry_enabled) == (3, 4, False)
    flat = SyncClientConfig(timeout=3, deadline=None, max_retries=0, retry_backoff=2)
    assert (flat.timeout, flat.deadline, flat.max_retries, flat.retry_backoff) == (3, None, 0, 2)


def test_each_setting_is_looked_up_by_itself(environment: Callable[..., None]) -> None:
    environment(**EVERYTHING)
    api = pyWATS(URL, TOKEN, sync_config=SyncConfig(timeout=3), max_retries=2)
    assert (api.config.timeout, api.config.deadline) == (3, 60)
    assert (api.config.retry.max_retries, api.config.retry.backoff) == (2, 1.5)


def test_none_stands_for_no_limit_and_empty_for_not_set(environment: Callable[..., None]) -> None:
    environment(PYWATS_TIMEOUT=" None ", PYWATS_DEADLINE="", PYWATS_MAX_RETRIES="  ")
    assert (SyncConfig().timeout, SyncConfig().deadline) == (None, None)
    assert (RetryConfig().max_retries, SyncConfig().retry_enabled) == (3, False)


@pytest.mark.parametrize(("number", "enabled"), [("0", False), ("1", True)])
def test_a_number_of_retries_switches_them_on_or_off(
    environment: Callable[..., None], number: str, *, enabled: bool
) -> None:
    environment(PYWATS_MAX_RETRIES=number)
    assert SyncConfig().retry_enabled is enabled
    assert SyncConfig().retry.max_retries == int(number)


def test_the_environment_is_read_when_a_value_is_made(environment: Callable[..., None]) -> None:
    before = SyncConfig()
    environment(PYWATS_TIMEOUT="1")
    assert (before.timeout, SyncConfig().timeout) == (30, 1)
    assert dataclasses.replace(before, deadline=5).timeout == 30


def test_the_async_face_has_its_limit_from_the_environment_too(
    environment: Callable[..., None],
) -> None:
    environment(PYWATS_TIMEOUT="12.5")
    assert AsyncWATS(URL, TOKEN)._port._timeout == 12.5
    assert AsyncWATS(URL, TOKEN, timeout=None)._port._timeout is None
    assert AsyncWATS(URL, TOKEN, timeout=3)._port._timeout == 3


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("PYWATS_TIMEOUT", "soon", "a number of seconds above 0, or none for no limit"),
        ("PYWATS_TIMEOUT", "0", "a number of seconds above 0, or none for no limit"),
        ("PYWATS_TIMEOUT", "inf", "a number of seconds above 0, or none for no limit"),
        ("PYWATS_DEADLINE", "-1", "a number of seconds above 0, or none for no limit"),
        ("PYWATS_MAX_RETRIES", "2.5", "an integer >= 0"),
        ("PYWATS_MAX_RETRIES", "-1", "an integer >= 0"),
        ("PYWATS_RETRY_BACKOFF", "0.5", "a number >= 1"),
        ("PYWATS_RETRY_BACKOFF", "nan", "a number >= 1"),
        ("PYWATS_RETRY_BACKOFF", "fast", "a number >= 1"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    environment: Callable[..., None], variable: str, value: str, allowed: str
) -> None:
    environment(**{variable: value})
    with pytest.raises(ValueError, match=variable) as caught:
        pyWATS(URL, TOKEN)
    assert str(caught.value) == f"{variable}={value!r} in the environment: must be {allowed}"
