"""Yield, failures, measurements, repairs, unit flow, alarms: `AnalyticsService`."""

from __future__ import annotations

from pywats.services.calls import Calls

__all__ = ["AnalyticsService"]


class AnalyticsService(Calls):
    """Yield, failures, measurements, repairs, unit flow and alarms.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the server does not answer as the API promises.

    Args:
        port: Sends the requests.
    """
