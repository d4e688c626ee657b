"""The token that lets a directory provision users."""

from collections.abc import Iterable
from typing import Any

from pydantic import AliasChoices, ConfigDict, Field

from pywats.models.base import RenamedModel
from pywats.models.wire_time import WireDatetime

__all__ = ["ScimToken"]


class ScimToken(RenamedModel):
    """A JSON Web Token for automatic provisioning.

    ``repr`` and ``str`` do not show the token. They do not show unknown fields either, which may
    contain the token too. `WATSModel.to_wire_json` and ``model_dump`` contain them.

    Attributes:
        token: The token; None if the server sent it under a name that is not known here, see
            ``model_extra``.
        expires_utc: When it expires; ``expires`` is read as well.
        duration_days: For how many days it is valid; ``duration`` is read as well.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    token: str | None = Field(default=None, repr=False)
    expires_utc: WireDatetime | None = Field(
        default=None,
        validation_alias=AliasChoices("expiresUtc", "expires"),
        serialization_alias="expiresUtc",
    )
    duration_days: int | None = Field(
        default=None,
        validation_alias=AliasChoices("durationDays", "duration"),
        serialization_alias="durationDays",
    )

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        known = type(self).model_fields
        return [(name, value) for name, value in super().__repr_args__() if name in known]
