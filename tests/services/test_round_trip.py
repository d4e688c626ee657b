"""What a server sends comes back to it unchanged, but for what was changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pywats.errors import WATSDecodeError
from pywats.models import ProductState
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.sandbox import Sandbox

SENT = {
    "productId": "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A",
    "partNumber": "A",
    "name": None,
    "nonSerial": False,
    "state": 7,
    "xmlData": '<Root><Site Value="01"/></Root>',
    "productCategoryId": None,
    "futureNumber": 1.50,
    "futureObject": {"Nested": [1, None, "x"], "empty": {}},
    "revisions": [
        {
            "productRevisionId": "AAAAAAAA-9D5F-4F0E-8F57-0A4A3D1C2B1A",
            "revision": "1.0",
            "PartNumber": "A",
            "unknown": None,
            "tags": [{"key": "k", "value": None, "change": 5, "more": True}],
        },
        {"revision": "2.0", "partNumber": "A", "state": 0},
    ],
    "tags": [{"key": "Site", "value": "01", "change": 0}],
}


def test_a_read_modify_write_keeps_unknown_fields_nulls_and_the_form_of_values(
    api: pyWATS, sandbox: Sandbox
) -> None:
    sandbox.inject("GET", "/api/Product/A", Fault.status(200, body=json.dumps(SENT).encode()))
    product = api.product.get_product("A")
    assert product.state == 7
    assert (product.revisions or [])[1].state is ProductState.INACTIVE
    sandbox.inject("PUT", "/api/Product", Fault.status(200, body=b'{"partNumber": "A"}'), times=1)
    api.product.update_product(product)
    assert json.loads(sandbox.requests[-1].body) == SENT
    product.name = "Board"
    (product.revisions or [])[0].description = "d"
    sandbox.inject("PUT", "/api/Product", Fault.status(200, body=b'{"partNumber": "A"}'), times=1)
    api.product.update_product(product)
    changed = json.loads(json.dumps(SENT)) | {"name": "Board"}
    changed["revisions"][0]["description"] = "d"
    assert json.loads(sandbox.requests[-1].body) == changed


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"", "application/json", "an empty body"),
        (b"<html>proxy login</html>", "text/html", "it starts '<html>proxy login</html>'"),
        (b'{"name": "x"}', "application/json", "Field required at partNumber"),
        (b"[]", "application/json", "2 bytes of application/json"),
        (b'{"partNumber": ', "application/json", "which is not what the API promises"),
        (b"\xff\xfe", "application/octet-stream", "2 bytes of application/octet-stream"),
    ],
)
def test_a_response_that_is_not_as_promised_is_a_decode_error(
    api: pyWATS, sandbox: Sandbox, body: bytes, content_type: str, text: str
) -> None:
    fault = Fault.status(200, body=body, content_type=content_type)
    sandbox.inject("GET", "/api/Product/A", fault)
    with pytest.raises(WATSDecodeError) as caught:
        api.product.get_product("A")
    assert "GET /api/Product/{partNumber} returned 200 with" in str(caught.value)
    assert text in str(caught.value)
    assert caught.value.status == 200
    assert len(caught.value.excerpt) <= 200
    assert isinstance(caught.value, ValueError)


def test_a_decode_error_shows_no_secret_in_message_cause_or_traceback(
    api: pyWATS, sandbox: Sandbox
) -> None:
    echo = json.dumps({"name": sandbox.token, "more": sandbox.password}).encode()
    sandbox.inject("GET", "/api/Product/A", Fault.status(200, body=echo))
    with pytest.raises(WATSDecodeError) as caught:
        api.product.get_product("A")
    assert sandbox.token not in str(caught.value)
    assert "REDACTED" in caught.value.excerpt
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("body", [b"", b"null", b" [] "])
def test_an_empty_list_may_come_as_nothing(api: pyWATS, sandbox: Sandbox, body: bytes) -> None:
    sandbox.inject("GET", "/api/Product/Vendors", Fault.status(200, body=body))
    assert api.product.get_vendors() == []


def test_a_byte_order_mark_is_no_obstacle(api: pyWATS, sandbox: Sandbox) -> None:
    body = b'\xef\xbb\xbf{"partNumber": "A"}'
    sandbox.inject("GET", "/api/Product/A", Fault.status(200, body=body))
    assert api.product.get_product("A").part_number == "A"
