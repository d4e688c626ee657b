"""Files and charts inside a report."""

import base64
import binascii
import mimetypes
from os import PathLike
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from pywats.models.base import WATSModel, WireUUID
from pywats.models.report.enums import AnyChartType

__all__ = ["Attachment", "Chart", "ChartSeries"]

_Name = Annotated[str, StringConstraints(min_length=1)]


class Attachment(WATSModel):
    """A file that belongs to a step, to a failure of a repair, or to a whole report.

    Attributes:
        name: Name of the file.
        content_type: Media type.
        data: The file in base64.
        description: Description.
        fail_idx: Number of the failure it belongs to; of repairs only.
        id: Id that the server gave it; of repairs only.
    """

    name: _Name
    content_type: str | None = None
    data: str | None = Field(default=None, repr=False)
    description: str | None = None
    fail_idx: int | None = None
    id: WireUUID | None = None

    @classmethod
    def of(
        cls, name: str, content: bytes, content_type: str = "application/octet-stream"
    ) -> "Attachment":
        """Return an attachment of a file.

        Args:
            name: Name of the file.
            content: Its bytes.
            content_type: Its media type.
        """
        data = base64.b64encode(content).decode("ascii")
        return cls(name=name, content_type=content_type, data=data)

    @classmethod
    def from_file(cls, path: str | PathLike[str], content_type: str | None = None) -> "Attachment":
        """Return an attachment of a file of this machine.

        Args:
            path: The file; its last part is the name of the attachment.
            content_type: Its media type; None guesses it from the name.

        Raises:
            OSError: The file cannot be read.
        """
        file = Path(path)
        guessed = content_type or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return cls.of(file.name, file.read_bytes(), guessed)

    def content(self) -> bytes:
        """Return the bytes of the file.

        Raises:
            ValueError: The data is missing, or it is not base64.
        """
        if self.data is None:
            raise ValueError(f"attachment {self.name!r} holds no data")
        try:
            return base64.b64decode(self.data, validate=True)
        except binascii.Error as error:
            raise ValueError(f"attachment {self.name!r} is not base64: {error}") from error


class ChartSeries(WATSModel):
    """One line of a chart.

    Attributes:
        name: Name of the line.
        data_type: Kind of data; ``XYG`` is pairs of numbers.
        xdata: The x values, joined by ``;``.
        ydata: The y values, joined by ``;``.
    """

    name: str
    data_type: str | None = None
    xdata: str | None = None
    ydata: str | None = None


class Chart(WATSModel):
    """A chart of a step.

    Attributes:
        chart_type: Scales.
        label: Title.
        x_label: Name of the x axis.
        x_unit: Unit of the x axis.
        y_label: Name of the y axis.
        y_unit: Unit of the y axis.
        series: Its lines.
    """

    chart_type: AnyChartType | None = None
    label: str | None = None
    x_label: str | None = None
    x_unit: str | None = None
    y_label: str | None = None
    y_unit: str | None = None
    series: list[ChartSeries] | None = None
