"""History of a report object: its problems when it was read, and what was submitted."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

__all__ = ["History", "Identity"]


class Identity(NamedTuple):
    """Identity of a report: id, unit, operation and start."""

    id: UUID
    part_number: str
    serial_number: str
    process_code: int
    start: datetime | None


class History:
    """History of a report object; it is not part of the value of the report.

    Attributes:
        has_new_id: True if the id was made with the object.
        read_with: The problems that the report had when it was read from JSON.
        submitted: Identity that a server has under the id of the report; None if unknown.
    """

    def __init__(self) -> None:
        self.has_new_id = False
        self.read_with: Counter[str] = Counter()
        self.submitted: Identity | None = None

    def __eq__(self, other: object) -> bool:
        # Equality of reports includes private attributes, and the history must not count.
        return isinstance(other, History)

    __hash__ = None  # type: ignore[assignment]  # a report has none either
