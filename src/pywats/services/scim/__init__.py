"""Users, as SCIM 2.0 provisions them: `ScimService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.scim.changes import Changes
from pywats.services.scim.token import Tokens

__all__ = ["ScimService"]


class ScimService(Changes, Tokens):
    """Users, as SCIM 2.0 provisions them (RFC 7643, RFC 7644).

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as RFC 7644 says: the API file does
    not declare the responses.

    Args:
        port: Sends the requests.
    """
