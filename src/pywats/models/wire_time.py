"""Times that keep their text, so that they are sent back as they were received."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, SupportsIndex

from pydantic import PlainSerializer, WrapValidator

__all__ = ["ReceivedDatetime", "WireDatetime"]


class ReceivedDatetime(datetime):
    """A time that prints in JSON as the server wrote it.

    The server writes ticks of 100 ns and times without an offset, and `datetime.datetime` loses
    both. It is equal to the plain datetime of the same value.

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

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        plain = datetime.combine(self.date(), self.timetz())
        text = _received_text(self)
        if text is None:
            return plain.__reduce_ex__(protocol)
        return (ReceivedDatetime.of, (plain, text))


def _keep_text(value: object, handler: Callable[[object], datetime]) -> datetime:
    checked = handler(value)
    return ReceivedDatetime.of(checked, value) if isinstance(value, str) else checked


def _received_text(value: datetime) -> str | None:
    # getattr: arithmetic on a ReceivedDatetime makes a ReceivedDatetime without a text.
    text = getattr(value, "text", None)
    return text if isinstance(text, str) else None


def _text(value: datetime) -> str:
    text = _received_text(value)
    return value.isoformat().replace("+00:00", "Z") if text is None else text


WireDatetime = Annotated[
    datetime,
    WrapValidator(_keep_text),
    PlainSerializer(_text, return_type=str, when_used="json"),
]
"""A time whose text form survives a read-modify-write."""
