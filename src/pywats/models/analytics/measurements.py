"""Models of measurement rows, and the paths that name measurements."""

from pydantic import Field

from pywats.models.analytics.fields import LimitHigh, LimitLow, ReportId, TestTime
from pywats.models.base import RenamedModel

__all__ = [
    "AggregatedMeasurement",
    "MeasurementData",
    "MeasurementListItem",
    "measurement_path",
]

_STEP, _PATHS = "¶", ";"


def measurement_path(*steps: str, measurement: str | None = None) -> str:
    """Return the path of a measurement, as the measurement methods take it.

    Args:
        steps: Names of the sequences from the outermost, then of the step.
        measurement: Name of the measurement, for a step that has several.

    Returns:
        The names with ``¶`` between them, and ``¶¶`` before the name of the measurement.

    Raises:
        TypeError: A name is not a string.
        ValueError: No step is given, or a name is empty or holds ``¶`` or ``;``, which paths
            cannot spell.
    """
    if not steps:
        raise ValueError("steps is empty: name the sequences and the step")
    named = [(f"steps[{index}]", name) for index, name in enumerate(steps)]
    if measurement is not None:
        named.append(("measurement", measurement))
    for place, name in named:
        if not isinstance(name, str):
            raise TypeError(f"{place}={name!r}: must be a string, not {type(name).__name__}")
        if not name.strip() or _STEP in name or _PATHS in name:
            raise ValueError(f"{place}={name!r}: must be a name without {_STEP!r} and {_PATHS!r}")
    path = _STEP.join(steps)
    return path if measurement is None else f"{path}{_STEP}{_STEP}{measurement}"


class MeasurementData(RenamedModel):
    """A measured value.

    Attributes:
        serial_number: Serial number of the unit.
        part_number: Part number of the unit.
        revision: Revision of the unit.
        report_id: Id of the report; ``id`` is read as well.
        step_name: Name of the step.
        step_path: Path of the measurement.
        value: The value in ``unit``.
        limit_low: Lower limit in ``unit``; ``limit1`` is read as well.
        limit_high: Upper limit in ``unit``; ``limit2`` is read as well.
        unit: Unit.
        status: Result.
        timestamp: When the test began, ``startUtc`` on the wire.
    """

    serial_number: str | None = None
    part_number: str | None = None
    revision: str | None = None
    report_id: ReportId = None
    step_name: str | None = None
    step_path: str | None = None
    value: float | None = None
    limit_low: LimitLow = None
    limit_high: LimitHigh = None
    unit: str | None = None
    status: str | None = None
    timestamp: TestTime = None


class AggregatedMeasurement(RenamedModel):
    """Statistics of a measurement; values and limits are in ``unit``.

    Attributes:
        step_name: Name of the step.
        step_path: Path of the measurement.
        part_number: Part number of the units.
        revision: Revision of the units.
        count: Number of values.
        min: Least value.
        max: Greatest value.
        avg: Mean value.
        stdev: Standard deviation.
        variance: Variance, ``var`` on the wire.
        limit_low: Lower limit; ``limit1`` is read as well.
        limit_high: Upper limit; ``limit2`` is read as well.
        cpk: Process capability against the nearer limit.
        cp: Process capability against the distance of the limits.
        cp_lower: Process capability against the lower limit.
        cp_upper: Process capability against the upper limit.
        unit: Unit.
    """

    step_name: str | None = None
    step_path: str | None = None
    part_number: str | None = None
    revision: str | None = None
    count: int | None = None
    min: float | None = None
    max: float | None = None
    avg: float | None = None
    stdev: float | None = None
    variance: float | None = Field(default=None, validation_alias="var", serialization_alias="var")
    limit_low: LimitLow = None
    limit_high: LimitHigh = None
    cpk: float | None = None
    cp: float | None = None
    cp_lower: float | None = None
    cp_upper: float | None = None
    unit: str | None = None


class MeasurementListItem(RenamedModel):
    """A measured value of a step, a number or a text.

    Attributes:
        serial_number: Serial number of the unit.
        part_number: Part number of the unit.
        revision: Revision of the unit.
        report_id: Id of the report; ``id`` is read as well.
        step_name: Name of the step.
        step_path: Path of the step.
        value: The number in ``unit``.
        string_value: The text, where it is not a number.
        limit_low: Lower limit in ``unit``; ``limit1`` is read as well.
        limit_high: Upper limit in ``unit``; ``limit2`` is read as well.
        unit: Unit.
        status: Result.
        timestamp: When the test began, ``startUtc`` on the wire.
        station_name: Name of the station.
    """

    serial_number: str | None = None
    part_number: str | None = None
    revision: str | None = None
    report_id: ReportId = None
    step_name: str | None = None
    step_path: str | None = None
    value: float | None = None
    string_value: str | None = None
    limit_low: LimitLow = None
    limit_high: LimitHigh = None
    unit: str | None = None
    status: str | None = None
    timestamp: TestTime = None
    station_name: str | None = None
