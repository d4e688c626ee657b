"""Validator that keeps integers of numpy exact."""

import operator
from typing import SupportsIndex

__all__ = ["exact"]


def exact(value: object) -> object:
    """Return an integer of numpy as an int, for `pydantic.BeforeValidator`.

    Pydantic reads such an integer as a float where both are allowed, and rounds it above 2**53.

    Args:
        value: Any value; values that are not integers are returned unchanged.

    Returns:
        The value.
    """
    if isinstance(value, SupportsIndex) and not isinstance(value, int):
        try:
            return operator.index(value)
        except TypeError:
            # An array of numpy has the method of an integer.
            return value
    return value
