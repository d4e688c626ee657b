"""Test and repair reports: `ReportService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.report.attachments import Attachments
from pywats.services.report.building import Building
from pywats.services.report.headers import Headers
from pywats.services.report.searches import Searches
from pywats.services.report.submission import ReportProblemsError, Submission

__all__ = ["ReportProblemsError", "ReportService"]


class ReportService(Building, Submission, Searches, Headers, Attachments):
    """Build, submit, read and find reports, and get their attachments.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises.

    Args:
        port: Sends the requests.
    """
