"""A default value is of the type of its parameter, or is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = """
from __future__ import annotations
from typing import Annotated, Callable, List, Protocol, TypeVar

LIMIT = 7
T = TypeVar("T")

class Sized(Protocol):
    def size(self) -> int: ...

class AsyncThing:
    async def m(self, a: {parameter}) -> None: ...
"""


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("'int' = 1", "a: int = 1"),
        ("'int' = 'x'", "a: int = ..."),
        ("'int | str' = 'x'", "a: int | str = 'x'"),
        ("None = 1", "a: None = ..."),
        ("T = 1", "a: T = ..."),
        ("Sized = 1", "a: Sized = 1"),
        ("Annotated[int, 'metres'] = 'x'", "a: int = ..."),
        ("float = 1", "a: float = 1"),
        ("bytes = None", "a: bytes | None = None"),
        ("int = LIMIT", "a: int = LIMIT"),
        ("str = LIMIT", "a: str = ..."),
        ("Callable[[], int] | None = LIMIT", "a: Callable[[], int] | None = ..."),
        ("List[int] | None = LIMIT", "a: List[int] | None = ..."),
        ("Callable[[], int] = int", "a: Callable[[], int] = int"),
    ],
)
def test_a_default_that_fits_is_kept(
    body: Callable[[str], str], parameter: str, expected: str
) -> None:
    text = body(SOURCE.replace("{parameter}", parameter))
    assert f"def m(self, {expected}) -> None: ..." in text
