"""User store of the sandbox, as the JSON that goes over the wire (RFC 7643)."""

from __future__ import annotations

import copy
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.sandbox.documents import report_key
from pywats.sandbox.responses import ApiError, required_text
from pywats.sandbox.scim.patch import patched
from pywats.sandbox.scim.token import web_token

if TYPE_CHECKING:
    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["ScimStore"]

_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
_READ_ONLY = ("id", "meta", "schemas")


class ScimStore:
    """Users by their id; safe to use from any thread.

    User names are unique, without regard to case (RFC 7643 section 4.1.1).
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.RLock()
        self._users: dict[str, Row] = {}
        self._created: dict[str, str] = {}

    def users(self) -> list[Row]:
        """Return all users in the order of their creation."""
        with self._lock:
            return copy.deepcopy(list(self._users.values()))

    def user(self, user_id: str) -> Row:
        """Return one user."""
        with self._lock:
            found = self._users.get(report_key(user_id))
            if found is None:
                raise ApiError(404, f"User {user_id} does not exist.")
            return copy.deepcopy(found)

    def user_by_name(self, name: str) -> Row:
        """Return the user with this user name."""
        for user in self.users():
            if str(user["userName"]).lower() == name.lower():
                return user
        raise ApiError(404, f"User '{name}' does not exist.")

    def create(self, sent: Row) -> Row:
        """Add a user."""
        name = required_text(sent, "userName")
        with self._lock:
            if any(str(each["userName"]).lower() == name.lower() for each in self._users.values()):
                raise ApiError(409, f"There is a user '{name}' already.")
            key, now = self._identity.uuid(), self._identity.timestamp()
            self._created[key] = now
            user: Row = {
                "schemas": [_SCHEMA],
                "id": key,
                "externalId": None,
                "displayName": None,
                "active": True,
                "name": None,
                "emails": [],
            }
            user |= {name: value for name, value in sent.items() if name not in _READ_ONLY}
            return self._keep(user, now)

    def patch(self, user_id: str, request: Row) -> Row:
        """Apply all changes to a user, or none if one is invalid."""
        with self._lock:
            return self._keep(patched(self.user(user_id), request), self._identity.timestamp())

    def delete(self, user_id: str) -> None:
        """Delete a user."""
        with self._lock:
            del self._users[str(self.user(user_id)["id"])]

    def token(self, days: int) -> Row:
        """Return a new token; it does not give access to anything."""
        expires = self._identity.now() + timedelta(days=days)
        return {
            "token": web_token(self._identity.uuid(), expires),
            "expiresUtc": expires.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "durationDays": days,
        }

    def _keep(self, user: Row, now: str) -> Row:
        key = str(user["id"])
        user["meta"] = {
            "resourceType": "User",
            "created": self._created[key],
            "lastModified": now,
            "location": f"/api/SCIM/v2/Users/{key}",
        }
        self._users[key] = user
        return copy.deepcopy(user)
