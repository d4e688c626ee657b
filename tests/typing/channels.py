"""Names of channels; the stub must find them through a relative import."""

from __future__ import annotations


class Channel(str):
    __slots__ = ()


FIRST = Channel("first")
