"""The page that compares the methods of both packages decides as its head says."""

from __future__ import annotations

import pytest

from tests.reference.migration_page import call_of, is_changed, methods, page


@pytest.mark.parametrize(
    ("there", "here", "changed"),
    [
        ("a, b=", "a, b=", False),
        ("a, b=", "a, b=, c=", False),
        ("a, b=", "a, b=, *, c=", False),
        ("a, b=", "a, *, b=", True),
        ("a, b=", "b=, a", True),
        ("a, b=", "a", True),
        ("a", "a, b", True),
        ("a, *, b=", "a, b=", False),
        ("a, *, b=, **kwargs", "a, *, b=", False),
        ("a=", "a", False),
    ],
)
def test_a_change_is_what_breaks_a_call(there: str, here: str, changed: bool) -> None:  # noqa: FBT001 - it is what is expected
    assert is_changed(call_of(there.split(", ")), call_of(here.split(", "))) is changed


def test_the_page_has_the_changed_methods_and_no_other() -> None:
    assert len(methods()) > 250
    text = page()
    for name in ("report.create_uur_report", "report.query_headers_by_misc_info"):
        assert f"| `{name}` |" in text
    assert "| `product.get_product` |" not in text
