from __future__ import annotations

import inspect
import pickle

import pytest

from pywats import errors
from pywats.errors import Attempt, StopReason, WATSError, WATSTimeoutError

CLASSES = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, WATSError)
]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_survives_pickling_with_its_facts(kind: type[WATSError]) -> None:
    error = kind("it failed", may_have_been_executed=True)
    error.correlation_id = "job-42"
    error.attempts = (Attempt(1, 0.5, "ServerError", 503, 0.0),)
    error.elapsed = 0.5
    error.stop_reason = StopReason.UNSAFE_TO_REPEAT
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert vars(copy) == vars(error)
    assert (
        str(copy)
        == str(error)
        == (
            "it failed [1 attempt in 0.50 s; stopped: unsafe_to_repeat; "
            "the server may have executed the request; correlation_id=job-42]"
        )
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_without_facts_is_its_message(kind: type[WATSError]) -> None:
    assert str(kind("it failed")) == "it failed"


def test_a_wait_that_the_server_asks_for_is_named() -> None:
    error = errors.RateLimitError("answered 429", status=429, retry_after=90.5)
    error.correlation_id = "job-42"
    assert str(error) == "answered 429 [the server asks to wait 90.5 s; correlation_id=job-42]"


def test_an_open_circuit_is_a_connection_error_with_its_own_facts() -> None:
    error = errors.CircuitOpenError("no", origin="http://h", retry_in=2.5)
    assert isinstance(error, ConnectionError)
    assert isinstance(error, errors.WATSConnectionError)
    assert (error.origin, error.retry_in, error.may_have_been_executed) == ("http://h", 2.5, False)
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)  # noqa: S301 - our own bytes


def test_every_error_is_exported() -> None:
    assert {kind.__name__ for kind in CLASSES} <= set(errors.__all__)


def test_the_builtin_classes_catch_what_their_names_say() -> None:
    assert issubclass(WATSTimeoutError, TimeoutError)
    assert issubclass(errors.WATSConnectionError, ConnectionError)
    assert not issubclass(WATSTimeoutError, ConnectionError)
