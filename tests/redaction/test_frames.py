from __future__ import annotations

import inspect
import traceback
from dataclasses import dataclass, field

import pytest

from pywats.redaction import clear_frames, with_safe_constructor, without_locals_on_failure


def fail(secret: str) -> None:
    """Fail with a secret in a local variable."""
    raise LookupError(len(secret))


def in_frames(error: BaseException) -> set[str]:
    """Return the names of local variables in the frames that the error has left."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return {name for frame in frames[1:] for name in frame.f_locals}


def raised(secret: str) -> LookupError:
    with pytest.raises(LookupError) as caught:
        fail(secret)
    return caught.value


def test_causes_contexts_and_groups_are_cleared_and_their_lines_stay() -> None:
    inner, cause, context = raised("a"), raised("b"), raised("c")
    error = ExceptionGroup("all", [inner, raised("d")])
    error.__cause__, error.__context__ = cause, context
    # A circle ends.
    cause.__context__ = error
    assert all(in_frames(each) for each in (inner, cause, context))
    clear_frames(error)
    assert not any(in_frames(each) for each in (*error.exceptions, cause, context))
    assert "raise LookupError" in "".join(traceback.format_exception(inner))


def test_what_the_caller_was_handling_is_left_alone() -> None:
    handled, error = raised("a"), raised("b")
    error.__context__ = handled
    clear_frames(error, handled)
    assert in_frames(handled) == {"secret"}
    assert not in_frames(error)


def test_a_guarded_function_fails_without_its_arguments() -> None:
    guarded = without_locals_on_failure(fail)
    with pytest.raises(LookupError) as caught:
        guarded(secret="hunter2")
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert "hunter2" not in repr([frame.f_locals for frame in frames[1:]])
    assert frames[-1].f_code is fail.__code__
    assert inspect.signature(guarded) == inspect.signature(fail)
    assert without_locals_on_failure(len)("abc") == 3


@with_safe_constructor
@dataclass(frozen=True, slots=True)
class Account:
    password: str = field(repr=False)
    timeout: float = 1.0

    def __post_init__(self) -> None:
        if self.timeout < 0:
            raise ValueError("timeout: must be positive")


def test_a_constructor_fails_without_its_arguments() -> None:
    with pytest.raises(ValueError, match="timeout: must be positive") as caught:
        Account("hunter2", timeout=-1)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert "hunter2" not in repr([frame.f_locals for frame in frames[1:]])
    assert Account("hunter2") == Account(password="hunter2", timeout=1.0)
    assert str(inspect.signature(Account)) == "(password: 'str', timeout: 'float' = 1.0) -> None"
