"""Tickets and their attachments: `RootCauseService`, made of one module for each idea."""

from __future__ import annotations

from pywats.services.calls import Calls

__all__ = ["RootCauseService"]


class RootCauseService(Calls):
    """Tickets, their history and attachments.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the server does not answer as the API promises.

    Args:
        port: Sends the requests.
    """
