"""Ask the stores in turn, once or until there is enough."""

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
        find: Asks one of them; an empty result says that it does not know the id.

    Returns:
        The store that has it, None if none does; what it has; why the stores that were asked
        before do not have it; whether any store has responded.
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
    """Look until there is enough or the time is over; look at least once.

    Args:
        look: Looks once.
        is_enough: Whether a result is enough.
        seconds: The time.
    """
    end = time.monotonic() + seconds
    while True:
        seen = look()
        left = end - time.monotonic()
        if is_enough(seen) or left <= 0:
            return seen
        time.sleep(min(_BETWEEN_LOOKS, left))
