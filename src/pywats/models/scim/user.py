"""Users of SCIM 2.0 (RFC 7643), and the responses that contain them (RFC 7644)."""

from pydantic import Field

from pywats.models.base import WATSModel
from pywats.models.wire_time import WireDatetime

__all__ = ["ScimListResponse", "ScimMeta", "ScimUser", "ScimUserEmail", "ScimUserName"]


class ScimUserName(WATSModel):
    """The parts of a user's name (RFC 7643 section 4.1.1).

    Attributes:
        formatted: The full name.
        given_name: First name.
        family_name: Last name.
    """

    formatted: str | None = None
    given_name: str | None = None
    family_name: str | None = None


class ScimUserEmail(WATSModel):
    """A mail address of a user (RFC 7643 section 4.1.2).

    Attributes:
        value: The address.
        type: What it is for, such as ``work``.
        primary: True for the preferred address.
    """

    value: str | None = None
    type: str | None = None
    primary: bool | None = None


class ScimMeta(WATSModel):
    """Metadata of a user's record (RFC 7643 section 3.1).

    Attributes:
        resource_type: Kind of record, ``User``.
        created: When it was made.
        last_modified: When it was changed last.
        location: Address of the record.
        version: Version of the record.
    """

    resource_type: str | None = None
    created: WireDatetime | None = None
    last_modified: WireDatetime | None = None
    location: str | None = None
    version: str | None = None


class ScimUser(WATSModel):
    """A user (RFC 7643 section 4.1).

    Roles, levels and product groups stay in ``model_extra``, because the API file does not declare
    their form.

    Attributes:
        id: Id of the user; the server makes it.
        user_name: Name that the user signs in with.
        display_name: Name to show.
        active: False if the user may not sign in.
        external_id: Id of the user in the system from which it was provisioned.
        name: The parts of the name.
        emails: Mail addresses.
        schemas: Schemas of the record, as URNs.
        meta: Metadata of the record.
    """

    id: str | None = None
    user_name: str | None = None
    display_name: str | None = None
    active: bool | None = None
    external_id: str | None = None
    name: ScimUserName | None = None
    emails: list[ScimUserEmail] | None = None
    schemas: list[str] | None = None
    meta: ScimMeta | None = None


class ScimListResponse(WATSModel):
    """One page of users (RFC 7644 section 3.4.2).

    Attributes:
        total_results: Number of users on all pages.
        items_per_page: Number of users on this page.
        start_index: Place of its first user among all users, from 1.
        resources: The users, ``Resources`` on the wire; absent if there are none.
        schemas: Schemas of the response, as URNs.
    """

    total_results: int | None = None
    items_per_page: int | None = None
    start_index: int | None = None
    resources: list[ScimUser] | None = Field(
        default=None, validation_alias="Resources", serialization_alias="Resources"
    )
    schemas: list[str] | None = None
