"""What the page on errors is made of is complete."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import httpcore
import pytest

from pywats import errors
from pywats.http.body import UnusableBodyError
from pywats.http.errors.transport import TRANSPORT_ERRORS
from tests.reference.error_classes import other_bases, public_errors, told, tree
from tests.reference.errors_page import MADE
from tests.reference.outcomes import BREAKDOWNS

if TYPE_CHECKING:
    from tests.reference.outcomes import Breakdown

DRAWN = re.compile(r"^ {4}[│├└─ ]*(\w+)(?: \((\w+)\))?", re.MULTILINE)


@pytest.mark.parametrize("kind", public_errors(), ids=lambda kind: kind.__name__)
def test_every_error_says_what_to_do_and_what_it_carries(kind: type[Exception]) -> None:
    said = told(kind)
    assert said.meaning.endswith(".")
    assert said.advice.endswith(".")
    carried = set(vars(MADE.get(kind, lambda: kind("it failed"))()))
    inherited = {name for base in kind.__mro__[1:] if base in public_errors() for name in own(base)}
    assert carried - inherited == set(own(kind))


def own(kind: type) -> list[str]:
    return [name for name, _, _ in told(kind).attributes]


def test_the_tree_in_the_module_is_that_of_the_classes() -> None:
    drawn, _, _ = (inspect.getdoc(errors) or "").partition("\n\nCalls of")
    drawn = drawn.partition("\n\n")[2]
    assert [(name, [base] if base else []) for name, base in DRAWN.findall(drawn)] == [
        (kind.__name__, other_bases(kind))
        for _, kind in tree()
        if kind.__module__ == errors.__name__
    ]


def test_every_error_of_the_layer_below_is_in_the_table() -> None:
    raised = {
        kind
        for _, kind in inspect.getmembers(httpcore, inspect.isclass)
        if issubclass(kind, TRANSPORT_ERRORS) and not kind.__subclasses__()
    }
    assert raised <= {type(each.error) for each in BREAKDOWNS}


@pytest.mark.parametrize("breakdown", BREAKDOWNS, ids=lambda each: each.what)
def test_the_error_of_the_layer_below_is_the_context_unless_it_quotes_the_wire(
    breakdown: Breakdown,
) -> None:
    error = breakdown.outcome().error
    quotes = isinstance(
        breakdown.error, UnusableBodyError | httpcore.ProtocolError | httpcore.ProxyError
    )
    assert error.__context__ is (None if quotes else breakdown.error)
    assert error.__cause__ is None  # a second traceback
    assert error.__suppress_context__
