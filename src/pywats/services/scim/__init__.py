"""Users as SCIM has them: `ScimService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.calls import Calls

__all__ = ["ScimService"]


class ScimService(Calls):
    """Users, as SCIM 2.0 provisions them (RFC 7644).

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the server does not answer as the API promises.

    Args:
        port: Sends the requests.
    """
