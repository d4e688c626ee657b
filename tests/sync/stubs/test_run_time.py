"""Members that a program gives to a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = """
import functools

class Unsigned:
    __signature__ = 7
    def __call__(self): return 1

def made(self, first, /, second=1, *, key, **rest):
    "Do it."

class AsyncThing:
    async def own(self) -> int: ...

AsyncThing.m = {made}
"""


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("made", "m(self, first: Any, /, second: Any = ..., *, key: Any, **rest: Any) -> Any:"),
        ("functools.partialmethod(made, 1)", "def m(self, *args: Any, **kwargs: Any) -> Any:"),
        ("property(made)", "    @property\n    def m(self) -> Any: ..."),
        ("7", "    @property\n    def m(self) -> Any: ..."),
        ("Unsigned()", "def m(self, *args: Any, **kwargs: Any) -> Any: ..."),
        ("staticmethod(lambda a, *, b=1: a)", "def m(self, a: Any, *, b: Any = ...) -> Any: ..."),
        ("classmethod(lambda cls, *a: a)", "def m(self, *a: Any) -> Any: ..."),
    ],
)
def test_a_member_that_was_made_at_run_time(
    body: Callable[[str], str], made: str, expected: str
) -> None:
    text = body(SOURCE.replace("{made}", made))
    assert "def own(self) -> int: ..." in text
    assert expected in text


def test_a_base_that_was_made_at_run_time(body: Callable[[str], str]) -> None:
    text = body("""
        def ping(self, host): ...
        Base = type("Base", (), {"ping": ping, "_hidden": ping})
        class AsyncThing(Base):
            async def own(self) -> int: ...
    """)
    assert text == (
        "(SyncFace[AsyncThing]):\n"
        "    def own(self) -> int: ...\n"
        "    def ping(self, host: Any) -> Any: ...\n"
    )


def test_an_overload_of_a_base_that_an_earlier_one_hides(body: Callable[[str], str]) -> None:
    text = body("""
        from typing import Any, Mapping
        class AsyncThing(Mapping[str, Any]):
            async def own(self) -> int: ...
    """)
    assert "def get(self, key: str, default: Any, /) -> Any: ..." in text
    assert "_T" not in text


def test_a_method_that_the_body_takes_from_elsewhere(body: Callable[[str], str]) -> None:
    text = body("""
        def made(self, host, *, port=1): ...
        class AsyncThing:
            async def own(self) -> int: ...
            ping = made
    """)
    assert text == (
        "(SyncFace[AsyncThing]):\n"
        "    def own(self) -> int: ...\n"
        "    def ping(self, host: Any, *, port: Any = ...) -> Any: ...\n"
    )
