"""Steps of a test."""

import math
from collections.abc import Iterable, Mapping
from os import PathLike

from pydantic import Field

from pywats.models.base import WATSModel
from pywats.models.report.attachment import Attachment, Chart, ChartSeries
from pywats.models.report.enums import AnyStepGroup, AnyStepStatus, ChartType, StepStatus
from pywats.models.report.measurement import (
    BooleanMeasurement,
    NumericMeasurement,
    StringMeasurement,
    non_finite_text,
)
from pywats.models.report.verdict import Measurement, judge

__all__ = ["LoopInfo", "Step"]


class LoopInfo(WATSModel):
    """Number of the run of a loop, or the results of the loop.

    Attributes:
        idx: Number of the run.
        num: How many runs there were.
        ending_index: Number of the last run.
        passed: Runs that passed.
        failed: Runs that failed.
    """

    idx: int | None = None
    num: int | None = None
    ending_index: int | None = None
    passed: int | None = None
    failed: int | None = None


class Step(WATSModel):
    """A step of a test.

    Fields that are not listed here, such as ``additionalResults``, are kept in ``model_extra``.

    Attributes:
        step_type: Kind of step, for example ``ET_NLT`` for a numeric limit test.
        name: Name.
        group: Part of the sequence.
        status: Result.
        id: Number of the step in its report.
        error_code: Error code.
        error_message: Error message.
        report_text: Free text.
        start: When it began.
        tot_time: Duration in seconds.
        caused_seq_failure: True if it made its sequence fail, False if it must not.
        caused_uut_failure: True if it made the test fail.
        loop: Number of the run in a loop, or results of the loop.
        numeric_meas: Its numbers; one for a single test.
        boolean_meas: Its yes or no values.
        string_meas: Its texts.
        chart: A chart.
        attachment: A file.
    """

    step_type: str
    name: str
    group: AnyStepGroup | None = None
    status: AnyStepStatus | None = None
    id: int | str | None = None
    error_code: int | str | None = None
    error_message: str | None = None
    report_text: str | None = None
    start: str | None = None
    tot_time: int | float | str | None = None
    caused_seq_failure: bool | None = None
    caused_uut_failure: bool | None = Field(default=None, alias="causedUUTFailure")
    loop: LoopInfo | None = None
    numeric_meas: list[NumericMeasurement] | None = None
    boolean_meas: list[BooleanMeasurement] | None = None
    string_meas: list[StringMeasurement] | None = None
    chart: Chart | None = None
    attachment: Attachment | None = None

    def conclude(self) -> AnyStepStatus | None:
        """Set the status of measurements without one, and the status of the step from all of them.

        A status of the step other than passed stays as it is.

        Returns:
            The status of the step; None if it has neither a status nor measurements.

        Raises:
            ValueError: The status of a measurement is unknown, or it has none and cannot be
                compared.
        """
        measured: list[Measurement] = [
            *(self.numeric_meas or []),
            *(self.boolean_meas or []),
            *(self.string_meas or []),
        ]
        if self.status is None or any(each.status is None for each in measured):
            found = judge(f"step {self.name!r}", measured) if measured else None
            if self.status in {None, StepStatus.PASSED}:
                self.status = found or self.status
        return self.status

    def attach(
        self, name: str, content: bytes, content_type: str = "application/octet-stream"
    ) -> Attachment:
        """Attach a file to the step; it replaces a file that the step has.

        Args:
            name: Name of the file.
            content: Its bytes.
            content_type: Its media type.

        Returns:
            The attachment.
        """
        self.attachment = Attachment.of(name, content, content_type)
        return self.attachment

    def attach_file(self, path: str | PathLike[str], content_type: str | None = None) -> Attachment:
        """Attach a file of this machine to the step; it replaces a file that the step has.

        Args:
            path: The file; its last part is the name of the attachment.
            content_type: Its media type; None guesses it from the name.

        Returns:
            The attachment.

        Raises:
            OSError: The file cannot be read.
        """
        self.attachment = Attachment.from_file(path, content_type)
        return self.attachment

    def draw(
        self,
        label: str,
        series: Mapping[str, Iterable[tuple[float, float]]],
        *,
        x_label: str = "X",
        y_label: str = "Y",
        x_unit: str = "",
        y_unit: str = "",
        chart_type: ChartType = ChartType.LINE,
    ) -> Chart:
        """Give the step a chart; it replaces a chart that the step has.

        Args:
            label: Title.
            series: For each line its name and its points, x in ``x_unit`` and y in ``y_unit``;
                points are pairs of numbers, such as ``zip(times, volts)``.
            x_label: Name of the x axis.
            y_label: Name of the y axis.
            x_unit: Unit of the x axis.
            y_unit: Unit of the y axis.
            chart_type: Scales.

        Returns:
            The chart.

        Raises:
            TypeError: A point is not a pair, or a coordinate is not a number.
        """
        self.chart = Chart(
            chart_type=chart_type,
            label=label,
            x_label=x_label,
            x_unit=x_unit,
            y_label=y_label,
            y_unit=y_unit,
            series=[_line(name, points) for name, points in series.items()],
        )
        return self.chart


def _line(name: str, points: Iterable[tuple[float, float]]) -> ChartSeries:
    xdata, ydata = [], []
    # One pass for both axes: an iterator, such as zip(), has its points only once.
    for index, point in enumerate(points):
        try:
            x, y = point
            written = _coordinate(x), _coordinate(y)
        except (TypeError, ValueError):
            raise TypeError(
                f"series[{name!r}]: point {index} is {point!r}: must be a pair of numbers, as "
                "zip(xs, ys) makes them"
            ) from None
        xdata.append(written[0])
        ydata.append(written[1])
    return ChartSeries(name=name, data_type="XYG", xdata=";".join(xdata), ydata=";".join(ydata))


def _coordinate(value: float) -> str:
    # The repr of a numpy number is "np.float64(0.5)".
    number = float(value)
    return repr(number) if math.isfinite(number) else non_finite_text(number)
