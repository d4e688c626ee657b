"""Changes of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import validation
from pywats.http.port import Request
from pywats.models import ScimPatchOperation, ScimPatchPath, ScimPatchRequest, ScimUser
from pywats.services import arguments
from pywats.services.scim.users import Users, user_key
from pywats.services.scim.wire import ACCEPT, SCIM_JSON, USERS

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["Changes"]


class Changes(Users):
    """The methods that change users; all send PATCH /api/SCIM/v2/Users/{id}."""

    async def update_user(self, user_id: UUID | str, patch_request: ScimPatchRequest) -> ScimUser:
        """Change a user (PATCH /api/SCIM/v2/Users/{id}).

        The server can only replace values, and only the values that `ScimPatchPath` names.

        Args:
            user_id: Id of the user.
            patch_request: The changes, one or more.

        Returns:
            The user as the server saved it.

        Raises:
            TypeError: A value is not of the type that its path takes.
            ValueError: No change is given.
            NotFoundError: The server does not know the user.
            BadRequestError: The server does not accept a change.
        """
        arguments.instance("patch_request", patch_request, ScimPatchRequest)
        for operation in arguments.instances(
            "patch_request.operations", patch_request.operations, ScimPatchOperation
        ):
            _check(operation)
        key = user_key(user_id)
        request = Request(
            method="PATCH",
            template=f"{USERS}/{{id}}",
            path={"id": key},
            content=patch_request.to_wire_json(),
            content_type=SCIM_JSON,
            accept=ACCEPT,
        )
        return await self._changed(request, lambda: self._user(key))

    async def set_user_active(self, user_id: UUID | str, active: bool) -> ScimUser:  # noqa: FBT001 - its place in the catalogue
        """Let a user sign in, or not (PATCH /api/SCIM/v2/Users/{id}).

        Args:
            user_id: Id of the user.
            active: False keeps the user from signing in.

        Returns:
            The user as the server saved it.

        Raises:
            NotFoundError: The server does not know the user.
        """
        validation.boolean("active", active)
        return await self._replace(user_id, ScimPatchPath.ACTIVE, active)

    async def deactivate_user(self, user_id: UUID | str) -> ScimUser:
        """Keep a user from signing in; the record stays (PATCH /api/SCIM/v2/Users/{id}).

        Args:
            user_id: Id of the user.

        Returns:
            The user as the server saved it.

        Raises:
            NotFoundError: The server does not know the user.
        """
        return await self.set_user_active(user_id, active=False)

    async def update_display_name(self, user_id: UUID | str, display_name: str) -> ScimUser:
        """Change the full name of a user (PATCH /api/SCIM/v2/Users/{id}).

        ``displayName`` itself cannot be changed: of a user's names the server accepts
        the full, the given and the family name. This replaces ``fullName``.

        Args:
            user_id: Id of the user.
            display_name: The new full name.

        Returns:
            The user as the server saved it.

        Raises:
            NotFoundError: The server does not know the user.
        """
        arguments.text("display_name", display_name)
        return await self._replace(user_id, ScimPatchPath.FULL_NAME, display_name)

    async def _replace(
        self,
        user_id: UUID | str,
        path: ScimPatchPath,
        value: str | bool,  # noqa: FBT001 - the value
    ) -> ScimUser:
        operation = ScimPatchOperation(path=path, value=value)
        return await self.update_user(user_id, ScimPatchRequest(operations=[operation]))


def _check(operation: ScimPatchOperation) -> None:
    path, value = arguments.text("path", operation.path), operation.value
    if not isinstance(operation.path, ScimPatchPath):
        # A newer server may know more paths; the server checks their values.
        return
    wanted = bool if operation.path is ScimPatchPath.ACTIVE else str
    if not isinstance(value, wanted):
        allowed = "True or False" if wanted is bool else "a text"
        raise TypeError(f"{path}={value!r}: must be {allowed}, not {type(value).__name__}")
