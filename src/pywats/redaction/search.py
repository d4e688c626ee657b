"""Find secrets in a text, in every spelling, and replace them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pywats.redaction.layers import layers_of, without_cut_escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pywats.redaction.layers import Layer
    from pywats.redaction.secrets import Needles

__all__ = ["REDACTED", "contains_short", "redact"]

REDACTED = "REDACTED"
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
# Texts of up to two characters are part of many words, so finding them there reveals nothing.
_PART_OF_ANY_WORD = 2
# Minimum length of the first part of a secret at the end of a cut text.
_LEAST_START = 3


def redact(text: str, needles: Needles, *, cut: bool = False) -> str:
    """Return the text with every secret replaced by ``REDACTED``.

    Args:
        text: The whole text.
        needles: The texts to search for.
        cut: Whether the text is incomplete, so that it may end with the first part of a secret.
    """
    found = sorted(span for layer in layers_of(text) for span in _found(layer, needles, cut=cut))
    pieces: list[str] = []
    position = 0
    for start, end in found:
        if start >= position:
            pieces += (text[position:start], REDACTED)
        position = max(position, end)
    return "".join((*pieces, text[position:]))


def contains_short(text: str, needles: Needles) -> bool:
    """Return whether the text contains a secret that is too short to be replaced.

    A secret of three to five characters is found anywhere, a shorter one only as a whole word.
    """
    if not needles.short:
        return False
    anywhere = {each for each in needles.short if len(each) > _PART_OF_ANY_WORD}
    words = "|".join(map(re.escape, needles.short - anywhere))
    word = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None
    return any(
        any(each in layer.text for each in anywhere)
        or (word is not None and word.search(layer.text) is not None)
        for layer in layers_of(text)
    )


def _found(layer: Layer, needles: Needles, *, cut: bool) -> Iterator[tuple[int, int]]:
    """Yield the positions of secrets in the original text of a layer."""
    for needle in needles.texts:
        for start in _places(layer.text, needle):
            yield layer.original(start, start + len(needle))
    if any(needle in layer.text for needle in needles.base64):
        for match in _BASE64.finditer(layer.text):
            if any(needle in match[0] for needle in needles.base64):
                yield layer.original(*match.span())
    if cut:
        end = without_cut_escape(layer.text)
        length = _start_of_secret(end, needles.texts | needles.base64)
        if length:
            yield layer.starts[len(end) - length], layer.ends[-1]


def _places(text: str, needle: str) -> Iterator[int]:
    place = text.find(needle)
    while place >= 0:
        yield place
        place = text.find(needle, place + 1)


def _start_of_secret(text: str, needles: Iterable[str]) -> int:
    """Return the number of characters at the end of the text that are the start of a secret."""
    return max(
        (
            length
            for needle in needles
            for length in range(_LEAST_START, len(needle))
            if text.endswith(needle[:length])
        ),
        default=0,
    )
