"""Decode the escapes in a text, and map every decoded character to its original position.

A server may write a secret as it is, with percent-encoding, as an HTML or XML entity, as a JSON
escape, or in a mixture of them. Instead of using one pattern for every spelling, this module
decodes the escapes, and each decoded character keeps its position in the original text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Layer", "layers_of", "without_cut_escape"]

# Maximum depth of nested escapes, such as %2525 for a percent sign.
_DEPTH = 3
_ESCAPE = re.compile(
    r"(?P<percent>(?:%[0-9a-fA-F]{2})+)"
    r"|(?P<surrogates>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u(?P<json>[0-9a-fA-F]{4})"
    r"|\\x(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<plain>[\"'\\/])"
    # The longest name of an entity in HTML has 31 characters.
    r"|(?P<entity>&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?)"
)
# Characters that may interrupt a secret: line breaks of wrapped base64 and of folded headers, with
# the indentation after them. `_joined` also removes NUL bytes of UTF-16 and invisible characters.
_BREAK = re.compile(r"[\r\n\u2028\u2029\x85]+[ \t]*")
_CUT_ESCAPE = re.compile(r"(?:%[0-9a-fA-F]?|\\(?:u[0-9a-fA-F]{0,3}|x[0-9a-fA-F]?)?|&[#\w]{0,31})\Z")


@dataclass(frozen=True, slots=True)
class Layer:
    """A decoded form of a text, with the original position of every character.

    Attributes:
        text: The decoded text.
        starts: For each character of ``text``, where its spelling starts in the original.
        ends: For each character of ``text``, where its spelling ends in the original.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters from ``start`` to ``end`` are in the original."""
        return self.starts[start], self.ends[end - 1]


def layers_of(text: str) -> Iterator[Layer]:
    """Yield the text itself and then its decoded forms."""
    layer: Layer | None = Layer(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(1 + _DEPTH):
        if layer is None:
            return
        yield layer
        joined = _joined(layer)
        if joined is not None:
            yield joined
            layer = joined
        layer = _decoded(layer)


def without_cut_escape(text: str) -> str:
    """Return a cut text without the incomplete escape at its end."""
    return _CUT_ESCAPE.sub("", text)


def _decoded(layer: Layer) -> Layer | None:
    """Return the layer with its escapes decoded; None if it has none."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0

    def copy(end: int) -> None:
        chars.append(layer.text[position:end])
        starts.extend(layer.starts[position:end])
        ends.extend(layer.ends[position:end])

    for match in _ESCAPE.finditer(layer.text):
        copy(match.start())
        position = match.start()
        for char, width in _characters(match):
            start, end = layer.original(position, position + width)
            chars.append(char)
            starts.extend([start] * len(char))
            ends.extend([end] * len(char))
            position += width
    if not chars:
        return None
    copy(len(layer.text))
    return Layer("".join(chars), starts, ends)


def _characters(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Yield the decoded characters of an escape, each with the length of its spelling."""
    whole = match[0]
    if match["percent"]:
        data = bytes.fromhex(whole.replace("%", ""))
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("latin-1")
            yield from ((char, 3) for char in text)
        else:
            yield from ((char, 3 * len(char.encode())) for char in text)
    elif match["surrogates"]:
        pair = bytes.fromhex(whole.replace("\\u", ""))
        yield pair.decode("utf-16-be"), len(whole)
    elif match["entity"]:
        # Imported lazily: it has a large table of entities, which few texts need.
        from html import unescape  # noqa: PLC0415

        yield unescape(whole), len(whole)
    elif match["plain"]:
        yield match["plain"], len(whole)
    else:
        yield chr(int(match["json"] or match["hex"], 16)), len(whole)


def _joined(layer: Layer) -> Layer | None:
    """Return the layer without line breaks and invisible characters; None if it has none."""
    if layer.text.isprintable():
        return None
    text = layer.text
    dropped = bytearray(len(text))
    for match in _BREAK.finditer(text):
        dropped[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    kept = [
        place
        for place, char in enumerate(text)
        if not dropped[place] and (char.isprintable() or char.isspace())
    ]
    return Layer(
        "".join(text[place] for place in kept),
        [layer.starts[place] for place in kept],
        [layer.ends[place] for place in kept],
    )
