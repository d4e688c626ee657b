"""Status of measurements and steps, and the reasons why a measurement cannot be judged."""

from collections.abc import Iterable
from enum import StrEnum

from pywats.models.report.enums import AnyStepStatus, CompOp, StepStatus, known_comp_op
from pywats.models.report.measurement import (
    ONE_SIDED,
    BooleanMeasurement,
    NumericMeasurement,
    StringMeasurement,
    as_number,
)

__all__ = [
    "BAD",
    "Measurement",
    "doubt",
    "judge",
    "status_of",
    "status_of_boolean",
    "unknown",
    "worst",
]

Measurement = NumericMeasurement | BooleanMeasurement | StringMeasurement

# The worst status first, each with its text in messages.
BAD = {
    StepStatus.ERROR: "had an error",
    StepStatus.TERMINATED: "was terminated",
    StepStatus.FAILED: "failed",
}
_OF_TEXTS = (CompOp.EQ, CompOp.NE, CompOp.CASESENSIT, CompOp.IGNORECASE)
_LIMITS = ("limit", "low_limit", "high_limit")
_EXAMPLES = {
    ("limit",): CompOp.EQ,
    ("low_limit",): CompOp.GE,
    ("high_limit",): CompOp.LE,
    ("low_limit", "high_limit"): CompOp.GELE,
}
_ONLY_OF_TEXTS = (CompOp.CASESENSIT, CompOp.IGNORECASE)


def status_of(place: str, measured: NumericMeasurement | StringMeasurement) -> StepStatus:
    """Return the status of a measurement by its limits; a value that is only recorded passes.

    Args:
        place: Step that it belongs to, for the error.
        measured: The measurement.

    Raises:
        ValueError: The measurement must be compared, but cannot be.
    """
    why = _obstacle(measured) or _unused_limits(measured)
    if why is not None:
        raise ValueError(f"{place} cannot be judged: {why}; fix that, or give a status")
    return StepStatus.FAILED if measured.within_limits() is False else StepStatus.PASSED


def status_of_boolean(place: str, value: bool | None) -> StepStatus:  # noqa: FBT001 - it is judged
    """Return the status of a yes or no.

    Args:
        place: Step that it belongs to, for the error.
        value: True or False.

    Raises:
        ValueError: The value is missing.
    """
    if value is None:
        raise ValueError(
            f"{place} cannot be judged: value is missing; give True or False, or a status"
        )
    return StepStatus.PASSED if value else StepStatus.FAILED


def judge(place: str, measurements: Iterable[Measurement]) -> StepStatus:
    """Give each measurement without a status its status, and return the worst of all.

    Args:
        place: The step they belong to, for the error.
        measurements: The measurements. If one cannot be judged, all stay as they are.

    Raises:
        ValueError: A status is unknown, or a measurement without a status cannot be compared.
    """
    judged: list[tuple[str, AnyStepStatus]] = []
    items = list(measurements)
    for each in items:
        at = (
            place
            if len(items) == 1 and each.name is None
            else f"{place}: measurement {each.name or ''!r}"
        )
        if isinstance(each, BooleanMeasurement):
            judged.append((at, each.status or status_of_boolean(at, each.value)))
        else:
            judged.append((at, each.status or status_of(at, each)))
    status = worst(judged)
    for each, (_, found) in zip(items, judged, strict=True):
        each.status = found
    return status


def worst(found: Iterable[tuple[str, AnyStepStatus | None]]) -> StepStatus:
    """Return the worst of some statuses; passed if none is bad.

    Args:
        found: The statuses, each with its place, for the error.

    Raises:
        ValueError: A status is unknown, so it may be bad.
    """
    statuses = set()
    for place, status in found:
        wrong = unknown("status", status, StepStatus)
        if wrong is not None:
            raise ValueError(f"{place}: {wrong}")
        statuses.add(status)
    return next((status for status in BAD if status in statuses), StepStatus.PASSED)


def unknown(name: str, value: str | None, known: type[StrEnum]) -> str | None:
    """Return the problem with an unknown status or result; None if it is known or None."""
    if value is None or isinstance(value, known):
        return None
    allowed = ", ".join(f"{each.value} ({each.name.lower()})" for each in known)
    return f"{name}={value!r} is none of {allowed}"


def doubt(measured: NumericMeasurement | BooleanMeasurement | StringMeasurement) -> str | None:
    """Return the reason why a measurement cannot have passed; None if it can."""
    if isinstance(measured, BooleanMeasurement):
        return "its value is False" if measured.value is False else None
    why = _obstacle(measured)
    if why is not None:
        return f"cannot be compared: {why}"
    return f"{_comparison(measured)} does not hold" if measured.within_limits() is False else None


def _comparison(measured: NumericMeasurement | StringMeasurement) -> str:
    fields = ("value", "comp_op", "limit", "low_limit", "high_limit")
    values = ((name, getattr(measured, name, None)) for name in fields)
    return ", ".join(f"{name}={str(value)!r}" for name, value in values if value is not None)


def _obstacle(measured: NumericMeasurement | StringMeasurement) -> str | None:
    """Return why a measurement cannot be compared; None if it can, or is only recorded."""
    if measured.comp_op is None:
        return None
    comp_op = known_comp_op(measured.comp_op)
    if comp_op is None:
        return f"comp_op={measured.comp_op!r} is none of {', '.join(CompOp)}"
    if comp_op == CompOp.LOG or measured.within_limits() is not None:
        return None
    if measured.value is None:
        return "value is missing"
    if isinstance(measured, StringMeasurement):
        if comp_op in _OF_TEXTS:
            return f"{comp_op} needs limit"
        return f"{comp_op} does not compare texts, as {', '.join(_OF_TEXTS)} do"
    return _obstacle_of_number(comp_op, measured)


def _unused_limits(measured: NumericMeasurement | StringMeasurement) -> str | None:
    """Return why a value that is only recorded is not judged; None if it has no limits.

    If it passed, a value outside the limits would pass without a word.
    """
    if measured.comp_op is not None and known_comp_op(measured.comp_op) != CompOp.LOG:
        return None
    values = {name: getattr(measured, name, None) for name in _LIMITS}
    given = tuple(name for name, limit in values.items() if limit is not None)
    if not given:
        return None
    shown = ", ".join(f"{name}={values[name]!r}" for name in given)
    return f"{shown} without a comparison: give comp_op, such as {_EXAMPLES[given]}"


def _obstacle_of_number(comp_op: CompOp, measured: NumericMeasurement) -> str:
    if comp_op in _ONLY_OF_TEXTS:
        return f"{comp_op} compares texts, not numbers"
    if as_number(measured.value) is None:
        return f"value={measured.value!r} is not a number"
    limits = {"low_limit": measured.low_limit, "high_limit": measured.high_limit}
    for name, limit in limits.items():
        if limit is not None and as_number(limit) is None:
            return f"{name}={limit!r} is not a number"
    missing = [name for name, limit in limits.items() if limit is None]
    return f"{comp_op} needs {missing[0] if comp_op in ONE_SIDED else ' and '.join(missing)}"
