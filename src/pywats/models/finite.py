"""Validator for numbers that must be finite."""

import math

from pydantic import ValidationInfo

__all__ = ["finite"]


def finite(value: float | None, info: ValidationInfo) -> float | None:
    """Refuse NaN and the infinities, for `pydantic.field_validator`.

    What a server sends is read whatever it is.

    Args:
        value: A number, or None.
        info: How the value came.

    Returns:
        The value.

    Raises:
        ValueError: The value is not finite, and did not come as JSON.
    """
    if info.mode != "json" and value is not None and not math.isfinite(value):
        raise ValueError(f"{info.field_name}={value!r}: must be a finite number, or None")
    return value
