from __future__ import annotations

import dataclasses
import typing
from datetime import timedelta
from fractions import Fraction

import pytest

import pywats
from pywats import CircuitBreakerConfig, RetryConfig, SyncClientConfig, SyncConfig
from pywats.validation import NOT_GIVEN, in_seconds


def test_the_documented_defaults() -> None:
    assert RetryConfig() == RetryConfig(
        max_retries=3,
        backoff=2.0,
        retry_on_errors=(ConnectionError, TimeoutError),
        retry_on_status={429, 502, 503, 504},
        max_backoff=60.0,
        jitter="none",
        respect_retry_after=True,
        max_retry_after=60.0,
        retry_unsafe=False,
        on_retry=None,
        on_give_up=None,
    )
    assert CircuitBreakerConfig() == CircuitBreakerConfig(
        failure_ratio=0.5,
        window=30.0,
        minimum_attempts=10,
        cool_down=10.0,
        on_transition=None,
    )
    assert SyncConfig() == SyncConfig(
        timeout=30.0,
        deadline=None,
        retry_enabled=False,
        retry=RetryConfig(),
        correlation_id_enabled=True,
        correlation_header="X-Correlation-ID",
        circuit_breaker=None,
    )


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize("config", [SyncConfig, SyncClientConfig])
@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0, ValueError, "=0: must be a finite number of seconds above 0; None means no limit"),
        (-1.5, ValueError, "=-1.5: must be"),
        (float("nan"), ValueError, "=nan: must be"),
        (float("inf"), ValueError, "=inf: must be"),
        (timedelta(0), ValueError, r"=datetime.timedelta\(0\): must be"),
        ("30", TypeError, "='30': must be a number of seconds above 0, or a timedelta, not str"),
        (True, TypeError, "=True: must be a number"),
        (Fraction(1, 2), TypeError, "=Fraction.*: must be a number"),
        (10**400, ValueError, "=1000.*: must be a finite number of seconds above 0"),
    ],
)
def test_a_limit_of_time_that_is_none_is_refused(
    config: type[SyncConfig | SyncClientConfig],
    name: str,
    value: object,
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=name + text):
        config(**{name: value})  # type: ignore[arg-type]  # the mistake under test


def test_durations_may_be_timedeltas_and_are_kept_in_seconds() -> None:
    config = SyncConfig(timeout=timedelta(minutes=1), deadline=90)
    assert (config.timeout, config.deadline) == (60.0, 90.0)
    assert SyncConfig(timeout=None).timeout is None
    assert RetryConfig(max_backoff=timedelta(seconds=1)).max_backoff == 1.0


def test_a_checked_duration_is_a_number_of_seconds() -> None:
    assert in_seconds(timedelta(minutes=1)) == 60.0
    assert in_seconds(2.5) == 2.5
    assert in_seconds(None) is None


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"max_retries": -1}, ValueError, "max_retries=-1: must be an integer >= 0"),
        ({"max_retries": 1.5}, TypeError, "max_retries=1.5: must be an integer >= 0, not float"),
        ({"max_retries": True}, TypeError, "max_retries=True: must be an integer"),
        ({"backoff": 0.5}, ValueError, "backoff=0.5: must be a finite number >= 1"),
        ({"backoff": float("nan")}, ValueError, "backoff=nan: must be a finite number >= 1"),
        ({"backoff": "2"}, TypeError, "backoff='2': must be a number >= 1, not str"),
        ({"retry_on_errors": [int]}, TypeError, "retry_on_errors: <class 'int'> is not an Except"),
        ({"retry_on_errors": [KeyboardInterrupt]}, TypeError, "retry_on_errors: .* is not an Exc"),
        ({"retry_on_errors": [ValueError("x")]}, TypeError, "retry_on_errors: ValueError.* is not"),
        ({"retry_on_errors": 7}, TypeError, "retry_on_errors=7: must be an Exception class"),
        ({"retry_on_errors": "ValueError"}, TypeError, "retry_on_errors='ValueError': must be"),
        ({"retry_on_status": 503}, TypeError, "retry_on_status=503: must be an iterable of HTTP"),
        ({"retry_on_status": "503"}, TypeError, "retry_on_status='503': must be an iterable"),
        ({"retry_on_status": ["503"]}, TypeError, "retry_on_status: '503' is not an integer"),
        ({"retry_on_status": [True]}, TypeError, "retry_on_status: True is not an integer"),
        ({"retry_on_status": [200]}, ValueError, "retry_on_status: 200 is outside 400 to 599"),
        ({"max_backoff": 0}, ValueError, "max_backoff=0: must be a finite number of seconds"),
        ({"jitter": ["full"]}, ValueError, r"jitter=\['full'\]: must be 'none' or 'full'"),
        ({"jitter": "half"}, ValueError, "jitter='half': must be 'none' or 'full'"),
        ({"respect_retry_after": 1}, TypeError, "respect_retry_after=1: must be True or False"),
        ({"max_retry_after": -1}, ValueError, "max_retry_after=-1: must be"),
        ({"retry_unsafe": "no"}, TypeError, "retry_unsafe='no': must be True or False, not str"),
        ({"on_retry": 3}, TypeError, "on_retry=3: must be a function, not int"),
        ({"on_give_up": "log"}, TypeError, "on_give_up='log': must be a function, not str"),
    ],
)
def test_bad_retry_settings_are_refused(
    settings: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        RetryConfig(**settings)  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"failure_ratio": 0}, ValueError, "failure_ratio=0: must be a number above 0, and 1 at m"),
        ({"failure_ratio": 1.1}, ValueError, "failure_ratio=1.1: must be a number above 0, and"),
        ({"failure_ratio": float("nan")}, ValueError, "failure_ratio=nan: must be"),
        ({"failure_ratio": "half"}, TypeError, "failure_ratio='half': must be a .*most, not str"),
        ({"window": 0}, ValueError, "window=0: must be a finite number of seconds above 0"),
        ({"window": None}, TypeError, "window=None: must be a number of seconds"),
        ({"minimum_attempts": 0}, ValueError, "minimum_attempts=0: must be an integer >= 1"),
        ({"cool_down": -1}, ValueError, "cool_down=-1: must be a finite number of seconds above"),
        ({"on_transition": []}, TypeError, r"on_transition=\[\]: must be a function, not list"),
    ],
)
def test_bad_circuit_breaker_settings_are_refused(
    settings: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        CircuitBreakerConfig(**settings)  # type: ignore[arg-type]  # the mistake under test


def test_the_settings_of_a_circuit_breaker_are_kept_in_seconds() -> None:
    config = CircuitBreakerConfig(1, timedelta(minutes=1), 1, timedelta(seconds=2))
    assert (config.failure_ratio, config.window, config.cool_down) == (1.0, 60.0, 2.0)


def test_an_async_hook_is_refused_for_nobody_would_await_it() -> None:
    async def hook(event: object) -> None:
        """Never run."""

    with pytest.raises(TypeError, match="on_retry=<function .*: must be a plain function; nobody"):
        RetryConfig(on_retry=hook)
    with pytest.raises(TypeError, match="on_give_up=.*: must be a plain function"):
        RetryConfig(on_give_up=hook)
    with pytest.raises(TypeError, match="on_transition=.*: must be a plain function"):
        CircuitBreakerConfig(on_transition=hook)


def test_one_error_class_stands_for_itself_and_any_iterable_will_do() -> None:
    assert RetryConfig(retry_on_errors=OSError).retry_on_errors == (OSError,)
    assert RetryConfig(retry_on_errors=iter([OSError])).retry_on_errors == (OSError,)
    assert RetryConfig(retry_on_status=[500, 500]).retry_on_status == frozenset({500})


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"retry_enabled": 1}, TypeError, "retry_enabled=1: must be True or False, not int"),
        ({"retry": 3}, TypeError, "retry=3: must be a RetryConfig, not int"),
        ({"correlation_id_enabled": None}, TypeError, "correlation_id_enabled=None: must be True"),
        ({"correlation_header": "X Id"}, ValueError, "correlation_header='X Id': must be an HTTP"),
        ({"correlation_header": "X\nY"}, ValueError, r"correlation_header='X\\nY': must be an HT"),
        ({"correlation_header": b"X"}, TypeError, "correlation_header=b'X': must be a string"),
        ({"circuit_breaker": True}, TypeError, "circuit_breaker=True: must be a CircuitBreakerCon"),
    ],
)
def test_bad_sync_settings_are_refused(
    settings: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        SyncConfig(**settings)  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"max_retries": -1}, ValueError, "max_retries=-1: must be"),
        ({"retry_backoff": 0.9}, ValueError, "retry_backoff=0.9: must be a finite number >= 1"),
        ({"retry_on_errors": [object]}, TypeError, "retry_on_errors: .* is not an Exception"),
        ({"circuit_breaker": 1}, TypeError, "circuit_breaker=1: must be .*, or None .*, not int"),
    ],
)
def test_bad_client_settings_are_refused(
    settings: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        SyncClientConfig(**settings)  # type: ignore[arg-type]  # the mistake under test


def test_client_settings_become_sync_settings() -> None:
    flat = SyncClientConfig(
        timeout=5,
        deadline=timedelta(seconds=20),
        max_retries=3,
        retry_backoff=1.5,
        retry_on_errors=[TimeoutError, ConnectionError],
        correlation_id_enabled=False,
        circuit_breaker=CircuitBreakerConfig(window=5),
    )
    assert flat.sync_config() == SyncConfig(
        timeout=5.0,
        deadline=20.0,
        retry_enabled=True,
        retry=RetryConfig(
            max_retries=3, backoff=1.5, retry_on_errors=(TimeoutError, ConnectionError)
        ),
        correlation_id_enabled=False,
        circuit_breaker=CircuitBreakerConfig(window=5),
    )
    assert not SyncClientConfig().sync_config().retry_enabled


def test_settings_are_frozen_and_do_not_show_secrets() -> None:
    config = SyncClientConfig(token="c2VjcmV0", username="me", password="hunter2")
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.timeout = 1  # type: ignore[misc]  # the mistake under test
    assert "c2VjcmV0" not in repr(config)
    assert "hunter2" not in repr(config)


@pytest.mark.parametrize("kind", [RetryConfig, CircuitBreakerConfig, SyncConfig, SyncClientConfig])
def test_hints_resolve_at_run_time(kind: type) -> None:
    assert typing.get_type_hints(kind).keys() == {f.name for f in dataclasses.fields(kind)}


def test_the_sentinel_says_what_it_is() -> None:
    assert repr(NOT_GIVEN) == "NOT_GIVEN"


def test_the_seven_names_of_the_design_import_from_the_package() -> None:
    assert {
        "pyWATS",
        "AsyncWATS",
        "SyncWATSClient",
        "SyncConfig",
        "RetryConfig",
        "SyncClientConfig",
        "SyncServiceWrapper",
    } <= set(pywats.__all__)
    assert all(hasattr(pywats, name) for name in pywats.__all__)
