"""Measurements of a step, and how they compare with their limits."""

import math
import operator
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from pywats.models.base import WATSModel
from pywats.models.exact import exact
from pywats.models.report.enums import AnyCompOp, AnyStepStatus, CompOp, known_comp_op

__all__ = [
    "ONE_SIDED",
    "BooleanMeasurement",
    "NumericMeasurement",
    "StringMeasurement",
    "as_number",
    "non_finite_text",
]

ONE_SIDED: dict[CompOp, Callable[[float, float], bool]] = {
    CompOp.EQ: operator.eq,
    CompOp.EQT: operator.eq,
    CompOp.NE: operator.ne,
    CompOp.LT: operator.lt,
    CompOp.LE: operator.le,
    CompOp.GT: operator.gt,
    CompOp.GE: operator.ge,
}
_PARTS = {"GT": operator.gt, "GE": operator.ge, "LT": operator.lt, "LE": operator.le}


def non_finite_text(value: float) -> str:
    """Return the text under which NaN or an infinity is sent."""
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _writable(value: float | str | None) -> float | str | None:
    if isinstance(value, float) and not math.isfinite(value):
        # JSON cannot express these numbers; pydantic would write null and lose the measured value.
        return non_finite_text(value)
    return value


def as_number(value: float | str | None) -> float | None:
    """Return a value as a number; None if it is not a number."""
    if value is None or isinstance(value, int | float):
        return value
    try:
        return float(value)
    except ValueError:
        return None


_Measured = Annotated[int | float | str | None, BeforeValidator(exact), AfterValidator(_writable)]


class NumericMeasurement(WATSModel):
    """A number with limits.

    Attributes:
        status: Result of the comparison.
        name: Name; required if a step has more than one.
        value: The measured value in ``unit``. A value that JSON cannot express becomes a text:
            ``NaN``, ``Infinity``, ``-Infinity``.
        value_format: How to print the value.
        unit: Unit of the value and its limits.
        comp_op: How the value is compared.
        high_limit: Upper limit in ``unit``.
        high_limit_format: How to print it.
        low_limit: Lower limit in ``unit``; the limit of a one-sided comparison too.
        low_limit_format: How to print it.
    """

    status: AnyStepStatus | None = None
    name: str | None = None
    value: _Measured = None
    value_format: str | None = None
    unit: str | None = None
    comp_op: AnyCompOp | None = None
    high_limit: _Measured = None
    high_limit_format: str | None = None
    low_limit: _Measured = None
    low_limit_format: str | None = None

    def within_limits(self) -> bool | None:
        """Compare the value with its limits.

        Returns:
            Whether the value meets them; None if it cannot be compared: ``comp_op`` is ``LOG``,
            unknown or for texts, or a value is missing or not a number.
        """
        value, comp_op = as_number(self.value), known_comp_op(self.comp_op)
        if comp_op is None or value is None:
            return None
        low_limit, high_limit = as_number(self.low_limit), as_number(self.high_limit)
        if comp_op in ONE_SIDED:
            # One-sided comparisons of the API have their limit in lowLimit, but some exporters
            # write an upper limit into highLimit.
            limit = low_limit if low_limit is not None else high_limit
            return None if limit is None else ONE_SIDED[comp_op](value, limit)
        low, high = _PARTS.get(comp_op[:2]), _PARTS.get(comp_op[2:])
        if low is None or high is None or low_limit is None or high_limit is None:
            return None
        above, below = bool(low(value, low_limit)), bool(high(value, high_limit))
        # LTGT, LTGE, LEGT and LEGE accept values outside the two limits.
        return above or below if comp_op.startswith("L") else above and below


class BooleanMeasurement(WATSModel):
    """A yes or no.

    Attributes:
        status: Result.
        name: Name; required if a step has more than one.
        value: The measured value.
    """

    status: AnyStepStatus | None = None
    name: str | None = None
    value: bool | None = None


class StringMeasurement(WATSModel):
    """A text with a limit.

    Attributes:
        status: Result of the comparison.
        name: Name; required if a step has more than one.
        value: The measured text.
        comp_op: How the text is compared.
        limit: The text to compare with.
    """

    status: AnyStepStatus | None = None
    name: str | None = None
    value: str | None = None
    comp_op: AnyCompOp | None = None
    limit: str | None = None

    def within_limits(self) -> bool | None:
        """Compare the text with its limit.

        Returns:
            Whether the text meets it; None if it cannot be compared.
        """
        comp_op = known_comp_op(self.comp_op)
        if comp_op is None or self.value is None or self.limit is None:
            return None
        if comp_op is CompOp.IGNORECASE:
            return self.value.casefold() == self.limit.casefold()
        if comp_op in {CompOp.EQ, CompOp.CASESENSIT}:
            return self.value == self.limit
        return self.value != self.limit if comp_op is CompOp.NE else None
