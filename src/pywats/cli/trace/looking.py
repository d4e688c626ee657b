"""Ask the stores one after another, once or until the result is complete."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

from pywats.cli.trace.ask import StoreError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pywats.cli.trace.query import Store

__all__ = ["ask_in_turn", "look_until"]

T = TypeVar("T")

_BETWEEN_LOOKS: Final = 0.5


def ask_in_turn(
    stores: Sequence[tuple[Store, str]], find: Callable[[Store, str], Sequence[T]]
) -> tuple[tuple[Store, str] | None, tuple[T, ...], tuple[str, ...], bool]:
    """Ask the stores once, up to the first store that finds something.

    Args:
        stores: The stores with their addresses, in the order in which they are asked.
        find: Asks one of the stores; an empty result means that the store does not know the id.

    Returns:
        The first store that knows the id, or None; what it found; the problems of the stores that
        were asked before; whether any store has responded.
    """
    problems: list[str] = []
    responded = False
    for store, url in stores:
        try:
            found = find(store, url)
        except StoreError as error:
            problems.append(str(error))
            continue
        responded = True
        if found:
            return (store, url), tuple(found), tuple(problems), responded
        problems.append(f"{store.name} at {shown(url)} does not have it")
    return None, (), tuple(problems), responded


def look_until(look: Callable[[], T], is_enough: Callable[[T], bool], seconds: float) -> T:
    """Call ``look`` until its result is enough or the time is over, at least once.

    Args:
        look: Searches once.
        is_enough: Whether a result is enough.
        seconds: The time limit.
    """
    end = time.monotonic() + seconds
    while True:
        seen = look()
        left = end - time.monotonic()
        if is_enough(seen) or left <= 0:
            return seen
        time.sleep(min(_BETWEEN_LOOKS, left))
