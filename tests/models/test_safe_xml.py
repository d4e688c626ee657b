"""XML from elsewhere: document types and unknown encodings are refused, whatever they hold."""

from __future__ import annotations

import pytest

from pywats.models.safe_xml import parse_xml


def test_a_document_is_parsed() -> None:
    for document in ("<a>é</a>", "<a>é</a>".encode(), '<?xml version="1.0"?><a>é</a>'):
        assert parse_xml(document, "thing").text == "é"
    assert parse_xml("<a>é</a>".encode("utf-16"), "thing").text == "é"


@pytest.mark.parametrize(
    "document",
    [
        "",
        "<a",
        b"\xff\xff",
        b'<?xml version="1.0" encoding="foo"?><a/>',
        b'<?xml version="1.0" encoding="rot13"?><a/>',
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        b'<?xml version="1.0" encoding="idna"?><a/>',
        b'<?xml version="1.0" encoding="hex"?><a/>',
        b'<?xml version="1.0" encoding="utf-32"?><a/>',
        b'<?xml version="1.0" encoding="big5"?><a/>',
    ],
)
def test_what_is_not_well_formed_is_a_value_error(document: str | bytes) -> None:
    with pytest.raises(ValueError, match="^the thing is not well-formed XML: "):
        parse_xml(document, "thing")


@pytest.mark.parametrize(
    "document", ["<!DOCTYPE a><a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_a_document_type_is_refused(document: str) -> None:
    with pytest.raises(ValueError, match="document type declaration"):
        parse_xml(document, "thing")
