"""WSJF documents as text: check them, and add an id, without changing the rest.

Decoding and encoding a document changes its digits (``1.10`` becomes ``1.1``), and keeps only the
last value of a repeated key. A document that is given as text is therefore only checked, and sent
unchanged.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from pywats.redaction import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["WsjfText", "decode_json", "quote_non_finite", "read_wsjf"]

# UTF-32 comes before UTF-16, because its byte order mark begins with the mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(rf"(?P<key>{_STRING})\s*+:|{_STRING}|[{{}}\[\]]", re.DOTALL)
_NON_FINITE = re.compile(rf"({_STRING})|-?Infinity|NaN", re.DOTALL)
_NO_VALUE = re.compile(r'\s*(null|"")')


@dataclass(frozen=True, slots=True)
class WsjfText:
    """A WSJF document that can be sent.

    Attributes:
        content: The document in UTF-8.
        report_id: The id of its report, as the document spells it.
    """

    content: bytes
    report_id: str


def read_wsjf(raw: bytes, make_id: Callable[[], str] | None = None) -> WsjfText:
    """Check a WSJF document and return it in the form in which it is sent.

    Valid JSON is not changed, not even its digits and spaces. ``NaN`` and the infinities,
    which JSON cannot express, become texts, as the models send them.

    Args:
        raw: The document in UTF-8, UTF-16 or UTF-32.
        make_id: Returns an id for a report without one; None refuses such a report.

    Returns:
        The document and the id of its report.

    Raises:
        ValueError: The document is not a JSON object, an object has a key twice, or the id is
            missing or not a UUID.
    """
    text = decode_json(raw)
    document = _parsed(text)
    if not isinstance(document, dict):
        raise ValueError(  # noqa: TRY004 - it is the document that is wrong
            f"not a WSJF document: it is a JSON {type(document).__name__}"
        )
    found = document.get("id")
    if found is None or found == "":
        if make_id is None:
            raise ValueError(
                "the report has no 'id': give it one, for example str(uuid.uuid4()), and keep it, "
                "so that the server recognises a second submission"
            )
        found = make_id()
        text = _with_id(text, found)
    try:
        UUID(found)
    except (ValueError, AttributeError, TypeError):
        raise ValueError(
            f"the report has the 'id' {one_line(repr(found))}: must be a UUID"
        ) from None
    return WsjfText(quote_non_finite(text).encode(), found)


def decode_json(raw: bytes) -> str:
    """Return the text of a JSON document, which may be in UTF-8, UTF-16 or UTF-32.

    Raises:
        ValueError: The document has none of these encodings; the message has the place of the first
            wrong byte.
    """
    mark, encoding = next(
        ((mark, encoding) for mark, encoding in _MARKS if raw.startswith(mark)),
        (b"", _unmarked(raw)),
    )
    try:
        return raw.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        wrong = error.object[error.start : error.start + 1].hex()
        raise ValueError(
            f"the document is not {encoding.upper()}: byte 0x{wrong} at offset "
            f"{error.start + len(mark)} ({error.reason})"
        ) from None


def quote_non_finite(text: str) -> str:
    """Return a JSON text with ``NaN``, ``Infinity`` and ``-Infinity`` as JSON strings."""
    if "NaN" not in text and "Infinity" not in text:
        return text
    return _NON_FINITE.sub(lambda found: found[1] or f'"{found[0]}"', text)


def _unmarked(raw: bytes) -> str:
    # RFC 4627 section 3: the first two characters of a JSON text are ASCII.
    zeros = "".join("0" if byte == 0 else "x" for byte in raw[:4])
    patterns = {"000x": "utf-32-be", "x000": "utf-32-le", "0x0x": "utf-16-be", "x0x0": "utf-16-le"}
    return patterns.get(zeros, "utf-8")


class _RepeatedKeyError(Exception):
    """An object has a key twice."""


def _parsed(text: str) -> object:
    try:
        # Numbers stay texts, because Python limits the number of digits of an int.
        parsed: object = json.loads(text, object_pairs_hook=_object, parse_int=str, parse_float=str)
    except _RepeatedKeyError:
        raise ValueError(_repeated_key(text)) from None
    except RecursionError:
        raise ValueError("not a WSJF document: it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"not a JSON document: {error}") from None
    return parsed


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _RepeatedKeyError
    return made


def _repeated_key(text: str) -> str:
    """Return a message with the repeated key and its place; the text is a JSON document."""
    first, second = next(_repeated_keys(text))
    return (
        f"the key {one_line(repr(json.loads(second['key'])))} is in one object twice, at "
        f"{_place(text, first)} and at {_place(text, second.start())}: remove one"
    )


def _repeated_keys(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    open_objects: list[dict[str, int]] = []
    for token in _TOKEN.finditer(text):
        if token["key"]:
            first = open_objects[-1].setdefault(json.loads(token["key"]), token.start())
            if first != token.start():
                yield first, token
        elif token[0] in "{[":
            open_objects.append({})
        elif token[0] in "}]":
            open_objects.pop()


def _place(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"line {line} column {offset - text.rfind(chr(10), 0, offset)}"


def _with_id(text: str, report_id: str) -> str:
    """Add an id to an object, or replace an id that is null or empty."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token["key"]:
            if depth == 1 and json.loads(token["key"]) == "id":
                empty = _NO_VALUE.match(text, token.end())
                if empty is not None:
                    return f'{text[: empty.start(1)]}"{report_id}"{text[empty.end(1) :]}'
        elif token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
    start = text.index("{") + 1
    comma = "" if text[start:].lstrip().startswith("}") else ","
    return f'{text[:start]}"id":"{report_id}"{comma}{text[start:]}'
