"""Users: list, read, create, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls
from pywats.services.decoding import decode
from pywats.services.scim.pages import UserPages
from pywats.services.scim.wire import ACCEPT, SCIM_JSON, USERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pydantic import JsonValue

    from pywats.models import ScimListResponse, ScimUser
    from pywats.progress import Progress

__all__ = ["Users", "user_key"]

_USER = adapter(lambda: models.ScimUser)
_PAGE = adapter(lambda: models.ScimListResponse)
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"


class Users(Calls):
    """The methods on whole users."""

    async def get_users(
        self,
        start_index: int | None = None,
        count: int | None = None,
        *,
        filter: str | None = None,
    ) -> ScimListResponse:
        """Get one page of users (GET /api/SCIM/v2/Users).

        Args:
            start_index: Place of the first user to list, from 1; None starts at the first.
            count: Largest number of users; 0 returns only their total; None leaves it to the
                server.
            filter: A SCIM filter such as ``userName eq "ann@example.com"`` (RFC 7644 section
                3.4.2.2); None lists all users.

        Returns:
            The users, and how many there are on all pages.

        Raises:
            BadRequestError: The server does not accept the filter.
        """
        if start_index is not None:
            validation.whole_number("start_index", start_index, 1)
        if count is not None:
            validation.whole_number("count", count, 0)
        query = {
            "filter": arguments.optional_text("filter", filter),
            "startIndex": start_index,
            "count": count,
        }
        request = Request(method="GET", template=USERS, query=query, accept=ACCEPT)
        return await self._one(request, _PAGE())

    def iter_users(
        self,
        page_size: int = 100,
        max_users: int | None = None,
        *,
        filter: str | None = None,
        progress: Progress = False,
    ) -> AsyncIterator[ScimUser]:
        """Iterate over users, page by page (GET /api/SCIM/v2/Users).

        Args:
            page_size: Number of users per request, 1 or more.
            max_users: Largest number of users, 1 or more; None takes all.
            filter: A SCIM filter; see `get_users`.
            progress: True shows the number of users; a function is called after each page with
                this number and the total, or None if the server does not send the total.

        Returns:
            An iterator over the users, in the order of the server.
            Each page is requested when its first row is needed.
        """
        arguments.optional_text("filter", filter)

        async def fetch(start_index: int, count: int) -> ScimListResponse:
            return await self.get_users(start_index, count, filter=filter)

        return UserPages(fetch, page_size, max_users, progress=progress)

    async def get_user(self, user_id: UUID | str) -> ScimUser:
        """Get a user (GET /api/SCIM/v2/Users/{id}).

        Args:
            user_id: Id of the user.

        Returns:
            The user.

        Raises:
            NotFoundError: The server does not know the user.
        """
        return await self._user(arguments.uuid_text("user_id", user_id))

    async def get_user_by_username(self, username: str) -> ScimUser:
        """Get a user by the name to sign in with (GET /api/SCIM/v2/Users/userName={userName}).

        Args:
            username: Name that the user signs in with.

        Returns:
            The user.

        Raises:
            NotFoundError: The server does not know the user.
        """
        request = Request(
            method="GET",
            template=f"{USERS}/userName={{userName}}",
            path={"userName": arguments.text("username", username)},
            accept=ACCEPT,
        )
        return await self._one(request, _USER())

    async def create_user(self, user: ScimUser) -> ScimUser:
        """Create a user (POST /api/SCIM/v2/Users).

        All fields that were set are sent, and the schema of a user if none is set.

        Args:
            user: The user; ``user_name`` is required (RFC 7643 section 4.1.1).

        Returns:
            The user as the server made it.

        Raises:
            BadRequestError: The server does not accept it.
            ConflictError: There is a user with this name.
        """
        arguments.instance("user", user, models.ScimUser)
        name = arguments.text("user.user_name", user.user_name)
        sent = user if user.schemas else user.model_copy(update={"schemas": [_SCHEMA]})
        request = Request(
            method="POST",
            template=USERS,
            content=sent.to_wire_json(),
            content_type=SCIM_JSON,
            accept=ACCEPT,
        )
        return await self._changed(request, lambda: self.get_user_by_username(name))

    async def delete_user(self, user_id: UUID | str) -> JsonValue:
        """Delete a user (DELETE /api/SCIM/v2/Users/{id}).

        Args:
            user_id: Id of the user.

        Returns:
            The server's response; the API file does not declare it. By RFC 7644 it is empty.

        Raises:
            NotFoundError: The server does not know the user.
        """
        request = Request(
            method="DELETE",
            template=f"{USERS}/{{id}}",
            path={"id": user_key(user_id)},
            accept=ACCEPT,
        )
        return await self._undeclared(request)

    async def _user(self, key: str) -> ScimUser:
        request = Request(method="GET", template=f"{USERS}/{{id}}", path={"id": key}, accept=ACCEPT)
        return await self._one(request, _USER())

    async def _changed(self, request: Request, read: Callable[[], Awaitable[ScimUser]]) -> ScimUser:
        # RFC 7644 sections 3.3 and 3.5.2 allow a response without the user.
        response = await self._port.send(request)
        return decode(_USER(), response, request) if response.content else await read()


def user_key(user_id: object) -> str:
    """Return the text of a user id; only reading requires it to be a UUID.

    Raises:
        TypeError: The value is neither a `uuid.UUID` nor a string.
        ValueError: The text is empty or blank.
    """
    return str(user_id) if isinstance(user_id, UUID) else arguments.text("user_id", user_id)
