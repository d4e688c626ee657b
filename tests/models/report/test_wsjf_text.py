"""WSJF documents as text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywats.models.report.wsjf_text import decode_json, quote_non_finite, read_wsjf

ID = "0f0e0d0c-0b0a-4908-8706-050403020100"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]


def refused(raw: bytes) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is what is tested
        read_wsjf(raw)
    return str(caught.value)


@given(st.dictionaries(st.text().filter("id".__ne__), JSON), st.sampled_from(ENCODINGS))
def test_a_document_stays_as_it_is(document: dict[str, object], encoding: str) -> None:
    text = json.dumps({**document, "id": ID}, ensure_ascii=False, indent=1)
    read = read_wsjf(text.encode(encoding))
    assert (read.content, read.report_id) == (text.encode(), ID)


@given(st.dictionaries(st.text().filter("id".__ne__), JSON))
def test_an_id_is_added_and_nothing_else_changes(document: dict[str, object]) -> None:
    for without in (document, {**document, "id": None}, {"id": "", **document}):
        read = read_wsjf(json.dumps(without).encode(), lambda: ID)
        assert json.loads(read.content) == {**without, "id": ID}


def test_digits_spaces_and_the_order_of_keys_stay() -> None:
    text = f'{{ "b" : 1.10, "a":1e400, "n": {"9" * 5000},\n"id":"{ID}" }}\n'
    assert read_wsjf(text.encode()).content == text.encode()


def test_what_json_does_not_have_becomes_text() -> None:
    text = r'{"NaN":NaN,"x":[-Infinity,Infinity,"\\",NaN],"y":"\"NaN"}'
    assert quote_non_finite(text) == (
        r'{"NaN":"NaN","x":["-Infinity","Infinity","\\","NaN"],"y":"\"NaN"}'
    )


@pytest.mark.parametrize(
    ("text", "key", "first", "second"),
    [
        ('{"a":1,"a":1}', "a", (1, 2), (1, 8)),
        ('{"x":{},\n "a":{"b":[{"c" :1,\n  "\\u0063": 2}]}}', "c", (2, 13), (3, 3)),
        ('{"x":"a\\":","y":[{"k":1},{"k":2}],"y":0}', "y", (1, 13), (1, 35)),
    ],
)
def test_a_key_that_is_there_twice_is_named_with_both_places(
    text: str, key: str, first: tuple[int, int], second: tuple[int, int]
) -> None:
    places = [f"line {line} column {column}" for line, column in (first, second)]
    assert refused(text.encode()) == (
        f"the key {key!r} is in one object twice, at {places[0]} and at {places[1]}: remove one"
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "not a JSON document: Expecting value"),
        (b"[1]", "not a WSJF document: it is a JSON list"),
        (b'{"id": ', "not a JSON document: Expecting value: line 1 column 8"),
        (b"{}", "the report has no 'id': give it one"),
        (b'{"id": 5}', "the report has the 'id' '5': must be a UUID"),
        (b'{"id": {}}', "the report has the 'id' {}: must be a UUID"),
        (b'{"id": NaN}', "the report has the 'id' nan: must be a UUID"),
        (b'{"a":' * 100_000, "not a WSJF document: it is nested too deeply"),
        (b'{"a": "\xe9"}', "the document is not UTF-8: byte 0xe9 at offset 7 (invalid"),
        (b'\xff\xfe{\0"', "the document is not UTF-16-LE: byte 0x22 at offset 4 (truncated data)"),
    ],
)
def test_what_is_not_a_wsjf_document_is_refused(raw: bytes, message: str) -> None:
    assert refused(raw).startswith(message)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_is_told_by_the_first_bytes(encoding: str) -> None:
    assert decode_json('{"a":"\u00e9"}'.encode(encoding)) == '{"a":"\u00e9"}'
