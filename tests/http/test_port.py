from __future__ import annotations

import pytest

from pywats.http import Request, Response
from pywats.redaction import Secrets


def test_path_values_are_encoded_as_one_segment_each() -> None:
    request = Request(
        method="GET",
        template="/api/Product/{partNumber}/{revision}",
        path={"partNumber": "A/B#1?x y%", "revision": "æ;1"},
    )
    assert request.target() == "/api/Product/A%2FB%231%3Fx%20y%25/%C3%A6%3B1"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_that_would_change_the_route_is_refused(value: str) -> None:
    request = Request(
        method="GET", template="/api/Product/{partNumber}", path={"partNumber": value}
    )
    with pytest.raises(ValueError, match=f"partNumber={value!r} cannot be a path segment"):
        request.target()


def test_query_values_have_their_wire_form_and_none_is_left_out() -> None:
    request = Request(
        method="GET",
        template="/api/x",
        query={
            "$filter": "name eq 'O''Brien & co'",
            "$top": 5,
            "ratio": 0.5,
            "yes": True,
            "no": False,
            "absent": None,
            "each": ["a b", "c"],
        },
    )
    assert request.target() == (
        "/api/x?$filter=name%20eq%20%27O%27%27Brien%20%26%20co%27&$top=5&ratio=0.5"
        "&yes=true&no=false&each=a%20b&each=c"
    )
    assert Request(method="GET", template="/api/x", query={"a": None}).target() == "/api/x"


@pytest.mark.parametrize(
    ("request_", "idempotent", "changes_data"),
    [
        (Request(method="GET", template="/"), True, False),
        (Request(method="HEAD", template="/"), True, False),
        (Request(method="PUT", template="/"), True, True),
        (Request(method="DELETE", template="/"), True, True),
        (Request(method="POST", template="/"), False, True),
        (Request(method="PATCH", template="/"), False, True),
        (Request(method="POST", template="/", idempotent=True), True, False),
        (Request(method="PUT", template="/", idempotent=False), False, True),
        (Request(method="GET", template="/", idempotent=False), False, True),
    ],
)
def test_what_may_be_repeated(request_: Request, idempotent: bool, changes_data: bool) -> None:  # noqa: FBT001 - parameters of a table
    assert (request_.is_idempotent, request_.changes_data) == (idempotent, changes_data)


def test_a_response_shows_an_excerpt_without_secrets() -> None:
    response = Response(200, b"token abc123 \x00 rest", "text/plain", Secrets({"abc123"}))
    assert response.excerpt() == "token REDACTED rest"
    assert "abc123" not in repr(response).replace(repr(response.content), "")
