"""Validator for numbers that must be finite."""

import math

from pydantic import ValidationInfo

__all__ = ["finite"]


def finite(value: float | None, info: ValidationInfo) -> float | None:
    """Refuse NaN and the infinities, for `pydantic.field_validator`.

    Values from JSON, which the server sent, are accepted.

    Args:
        value: A number, or None.
        info: Context of the validation; its mode is ``json`` for values from JSON.

    Returns:
        The value.

    Raises:
        ValueError: The value is not finite, and is not from JSON.
    """
    if info.mode != "json" and value is not None and not math.isfinite(value):
        raise ValueError(f"{info.field_name}={value!r}: must be a finite number, or None")
    return value
