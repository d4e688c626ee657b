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


def test_every_error_is_exported() -> None:
    assert {kind.__name__ for kind in CLASSES} <= set(errors.__all__)


def test_the_builtin_classes_catch_what_their_names_say() -> None:
    assert issubclass(WATSTimeoutError, TimeoutError)
    assert issubclass(errors.WATSConnectionError, ConnectionError)
    assert not issubclass(WATSTimeoutError, ConnectionError)
