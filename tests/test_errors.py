from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from typing import Any

import pytest
from opentelemetry import trace

from pywats import errors
from pywats.errors import Attempt, CallError, StopReason, WATSTimeoutError
from pywats.observability.call import Call
from pywats.observability.error_facts import sign

CLASSES = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, CallError)
]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_survives_pickling_with_its_facts(kind: type[CallError]) -> None:
    error = kind("it failed", may_have_been_executed=True)
    error.correlation_id = "job-42"
    error.attempts = (Attempt(1, 0.5, "ServerError", 503, 0.0),)
    error.elapsed = 0.5
    error.stop_reason = StopReason.UNSAFE_TO_REPEAT
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is kind
    assert vars(again) == vars(error)
    assert (
        str(again)
        == str(error)
        == (
            "it failed [1 attempt in 0.50 s; stopped: unsafe_to_repeat; "
            "the server may have executed the request; correlation_id=job-42]"
        )
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_without_facts_is_its_message(kind: type[CallError]) -> None:
    assert str(kind("it failed")) == "it failed"


def test_a_wait_that_the_server_asks_for_is_named() -> None:
    error = errors.RateLimitError("returned 429", status=429, retry_after=90.5)
    error.correlation_id = "job-42"
    assert str(error) == "returned 429 [the server asks to wait 90.5 s; correlation_id=job-42]"


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


@pytest.mark.parametrize(
    ("wats", "neutral", "builtin"),
    [
        (errors.WATSConnectionError, errors.CallConnectionError, ConnectionError),
        (errors.WATSTimeoutError, errors.CallTimeoutError, TimeoutError),
        (errors.WATSClosedError, errors.CallClosedError, RuntimeError),
    ],
)
def test_errors_of_the_wats_client_are_those_of_the_engine_too(
    wats: type[CallError], neutral: type[CallError], builtin: type[Exception]
) -> None:
    assert issubclass(wats, errors.WATSError)
    assert issubclass(wats, neutral)
    assert issubclass(neutral, builtin)
    assert issubclass(neutral, CallError)
    assert not issubclass(neutral, errors.WATSError)


class BrokerError(Exception):
    """An error of another library, with attributes that have the names of the facts."""

    stop_reason = "shutdown"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.attempts = 7
        self.correlation_id = "id-of-the-broker"

    @property
    def elapsed(self) -> str:
        raise LookupError("not known")


def test_an_error_of_another_library_keeps_its_attributes() -> None:
    error = BrokerError("nack")
    for _ in range(2):
        sign(Call("broker.publish", "job-42", None, trace.INVALID_SPAN), error, 1.0)
    assert (error.attempts, error.correlation_id) == (7, "id-of-the-broker")
    assert error.stop_reason == "shutdown"
    with pytest.raises(LookupError):
        _ = error.elapsed
    assert error.__notes__ == ["correlation_id=job-42"]


def signed(error: Exception, correlation_id: str, seconds: float) -> Any:
    call = Call("broker.publish", correlation_id, None, trace.INVALID_SPAN, started=0.0)
    call.attempts.append(Attempt(1, 0.5, "OSError", None, 0.0))
    call.stop_reason = StopReason.NOT_RETRYABLE
    sign(call, error, seconds)
    return error


def test_an_error_that_leaves_two_calls_has_the_facts_of_the_last() -> None:
    error = signed(ValueError("no"), "one", 1.0)
    assert (error.correlation_id, error.elapsed) == ("one", 1.0)
    error = signed(error, "two", 2.0)
    assert (error.correlation_id, error.elapsed) == ("two", 2.0)
    error = signed(pickle.loads(pickle.dumps(error)), "three", 3.0)  # noqa: S301 - our own bytes
    assert (error.correlation_id, error.elapsed) == ("three", 3.0)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_of_another_library_is_read_back_where_pywats_is_not_installed(
    protocol: int,
) -> None:
    data = pickle.dumps(signed(ValueError("reset"), "job-42", 1.5), protocol)
    program = """
import pickle, sys
sys.modules["pywats"] = None
error = pickle.loads(sys.stdin.buffer.read())
assert type(error.stop_reason) is str, error.stop_reason
print(repr(error), error.correlation_id, error.elapsed, error.stop_reason, error.attempts[0].error)
print(getattr(error, "__notes__", None))
"""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-S", "-c", program], input=data, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines() == [
        "ValueError('reset') job-42 1.5 not_retryable OSError",
        "['correlation_id=job-42']",
    ]


def test_an_attempt_is_a_value() -> None:
    attempt = Attempt(1, 0.5, "ServerError", 503, 0.0)
    assert copy.copy(attempt) is copy.deepcopy(attempt) is attempt
    error = CallError("it failed")
    error.attempts = (attempt,)
    error.stop_reason = StopReason.DEADLINE
    for other in (copy.copy(error), copy.deepcopy(error)):
        assert other.attempts == (attempt,)
        assert other.stop_reason is StopReason.DEADLINE
