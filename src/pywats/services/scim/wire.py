"""The media type of SCIM (RFC 7644 section 3.1)."""

from __future__ import annotations

from typing import Final

__all__ = ["ACCEPT", "SCIM_JSON", "USERS"]

SCIM_JSON: Final = "application/scim+json"
"""Media type of requests."""

ACCEPT: Final = f"{SCIM_JSON}, application/json"
"""Media types that a response may have."""

USERS: Final = "/api/SCIM/v2/Users"
"""The path of the users."""
