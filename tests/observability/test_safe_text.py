"""Text of objects and exceptions that do not want to be shown."""

from __future__ import annotations

import traceback

import pytest

from pywats.observability.safe_text import stacktrace_of, summary_of, text_of


class Broken(Exception):
    def __str__(self) -> str:
        raise AttributeError("no state")

    __repr__ = __str__


def test_an_object_that_cannot_be_shown_has_a_placeholder() -> None:
    assert text_of(Broken()) == "<unprintable Broken object>"
    assert summary_of(Broken(), " ") == "Broken"
    assert text_of(1 << 5000) == hex(1 << 5000)


def test_an_exception_whose_traceback_cannot_be_formatted_is_named() -> None:
    # Its line should be text.
    error = SyntaxError("odd", ("steps.x", 1, 1, 7))  # type: ignore[arg-type]  # as parsers do
    with pytest.raises(AttributeError):
        traceback.format_exception(error)
    assert stacktrace_of(error) == "SyntaxError: odd (steps.x, line 1)\n"
