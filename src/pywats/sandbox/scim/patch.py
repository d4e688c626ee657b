"""Changes of a user by a PATCH request (RFC 7644 section 3.5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import ScimPatchPath
from pywats.sandbox.documents import rows_of
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["ROLES", "patched"]

ROLES = ("Administrator", "Engineer", "Operator", "Viewer")
_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patched(user: Row, request: Row) -> Row:
    """Return a user with the changes of a request.

    Raises:
        ApiError: The request does not have the form of RFC 7644, or the server does not support
            the change (400).
    """
    operations = rows_of(request, "Operations")
    if request.get("schemas") != [_SCHEMA] or not operations:
        raise ApiError(400, "The request is not a SCIM PatchOp.")
    user = dict(user)
    for operation in operations:
        if str(operation.get("op")).lower() != "replace":
            raise ApiError(400, f"The operation '{operation.get('op')}' is not supported.")
        path = str(operation.get("path"))
        if path not in list(ScimPatchPath):
            raise ApiError(400, f"The path '{path}' is not supported.")
        wanted = bool if path == ScimPatchPath.ACTIVE else str
        if not isinstance(operation.get("value"), wanted):
            raise ApiError(400, f"The value for '{path}' is not valid.")
        user |= _changes(user, ScimPatchPath(path), operation["value"])
    return user


def _changes(user: Row, path: ScimPatchPath, value: JsonValue) -> Row:
    known = user["name"]
    name = known if isinstance(known, dict) else {}
    match path:
        case ScimPatchPath.FULL_NAME:
            return {"displayName": value, "name": {**name, "formatted": value}}
        case ScimPatchPath.FAMILY_NAME | ScimPatchPath.GIVEN_NAME:
            return {"name": {**name, path.value: value}}
        case ScimPatchPath.EMAIL:
            return {"emails": [{"value": value, "type": "work", "primary": True}]}
        case ScimPatchPath.ACTIVE:
            return {"active": value}
        case ScimPatchPath.ROLES:
            if value not in ROLES:
                raise ApiError(400, f"The role '{value}' does not exist.")
            return {"roles": [{"value": value}]}
        case _:
            # The values are added to the levels or product groups that the user already has.
            names = f"{user.get(path.value, '')};{value}".split(";")
            return {path.value: ";".join(dict.fromkeys(filter(None, names)))}
