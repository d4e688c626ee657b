"""Times that go back to the server as they came."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import PlainSerializer, WrapValidator

__all__ = ["ReceivedDatetime", "WireDatetime"]


class ReceivedDatetime(datetime):
    """A time that prints in JSON as the server wrote it.

    The server writes ticks of 100 ns and times without an offset; neither survives a
    `datetime.datetime`. It is equal to the plain datetime of the same value.

    Attributes:
        text: The text from the wire.
    """

    text: str

    @classmethod
    def of(cls, value: datetime, text: str) -> "ReceivedDatetime":
        """Return the time with its text."""
        made = cls.combine(value.date(), value.timetz())
        made.text = text
        return made

    def __reduce_ex__(self, _: object) -> tuple[Any, ...]:
        plain = datetime.combine(self.date(), self.timetz())
        return (ReceivedDatetime.of, (plain, self.text))


def _keep_text(value: object, handler: Callable[[object], datetime]) -> datetime:
    checked = handler(value)
    return ReceivedDatetime.of(checked, value) if isinstance(value, str) else checked


def _text(value: datetime) -> str:
    # Arithmetic on a ReceivedDatetime gives one of its class without a text.
    text = getattr(value, "text", None)
    return text if isinstance(text, str) else value.isoformat().replace("+00:00", "Z")


WireDatetime = Annotated[
    datetime,
    WrapValidator(_keep_text),
    PlainSerializer(_text, return_type=str, when_used="json"),
]
"""A time whose text form survives a read-modify-write."""
