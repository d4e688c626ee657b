"""Adapters that are made when they are used first.

A service has methods for many models, and most programs use few of them. To make the models of all
methods takes half of the first use of a service.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter

from pywats.lazy import making_models

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["adapter"]

T = TypeVar("T")


def adapter(kind: Callable[[], type[T]]) -> Callable[[], TypeAdapter[T]]:
    """Return a function that returns the adapter of a type, made by the first call.

    Args:
        kind: Returns the type; it may take it from `pywats.models`, which imports on first use.
    """

    @cache
    def get() -> TypeAdapter[T]:
        with making_models():
            return TypeAdapter(kind())

    return get
