"""Headers in whatever form a framework has them."""

from __future__ import annotations

from typing import Any

import pytest

from pywats.observability.carrier import texts_of


@pytest.mark.parametrize(
    ("carrier", "texts"),
    [
        (None, {}),
        ({"X-A": "1"}, {"x-a": ["1"]}),
        ([(b"X-A", b"1"), (b"x-a", "2")], {"x-a": ["1", "2"]}),
        ({"HTTP_X_A": "1", "wsgi.errors": object()}, {"x-a": ["1"], "wsgi.errors": []}),
        ([(7, "1"), (None, "2"), ("x-a", ["3", 4])], {"x-a": ["3"]}),
    ],
    ids=["none", "mapping", "pairs", "wsgi", "odd names"],
)
def test_what_can_be_read_is_there_by_lower_case_names(
    carrier: Any, texts: dict[str, list[str]]
) -> None:
    assert texts_of(carrier) == texts
