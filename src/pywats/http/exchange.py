"""What is known of one request while it is under way, read and written by the network streams."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass

from pywats.sync.call import Limit

__all__ = ["Exchange", "current_exchange", "enter_exchange"]


@dataclass(slots=True, eq=False)
class Exchange:
    """One request and what has become of it.

    Attributes:
        limit: After which no socket operation may go on; None for no limit.
        sent: Bytes of the request may have left.
        disconnected: The server ended the connection.
    """

    limit: Limit | None
    sent: bool = False
    disconnected: bool = False

    def remaining(self) -> float | None:
        """Return the seconds left, at least 0; None if there is no limit."""
        if self.limit is None:
            return None
        return max(0.0, self.limit.expires_at - time.monotonic())

    def left(self, expired: type[Exception]) -> float | None:
        """Return the seconds left for one more operation; None if there is no limit.

        Args:
            expired: What to raise if there are none.
        """
        remaining = self.remaining()
        if remaining == 0:
            raise expired("the time limit ran out")
        return remaining


# Not emptied after a request, for nothing asks for it between two requests.
_current: ContextVar[Exchange] = ContextVar("pywats_exchange")
current_exchange = _current.get
enter_exchange = _current.set
