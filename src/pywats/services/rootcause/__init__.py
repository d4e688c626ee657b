"""Root cause tickets: `RootCauseService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.rootcause.attachments import Attachments
from pywats.services.rootcause.changes import Changes

__all__ = ["RootCauseService"]


class RootCauseService(Changes, Attachments):
    """Tickets on failures, their history and their attachments.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises.

    Args:
        port: Sends the requests.
    """
