"""The token that lets a directory provision users."""

from __future__ import annotations

from pydantic import TypeAdapter

from pywats import validation
from pywats.http.port import Request
from pywats.models import ScimToken
from pywats.services.calls import Calls

__all__ = ["Tokens"]

# The API file says that a token is created, but not whether the response is the token or an object
# that holds it.
_TOKEN: TypeAdapter[ScimToken | str] = TypeAdapter(ScimToken | str)


class Tokens(Calls):
    """The method on tokens."""

    async def get_token(self, duration_days: int = 90) -> ScimToken:
        """Create a JSON Web Token for automatic provisioning (GET /api/SCIM/v2/Token).

        Although it is a GET, each request creates a token, so it is not retried if no response
        arrives. The messages of errors do not show the response.

        Args:
            duration_days: For how many days the token is valid, 1 or more. The API file advises
                to leave it at 90.

        Returns:
            The token, which its ``repr`` does not show.

        Raises:
            PermissionDeniedError: The user may not create tokens.
        """
        request = Request(
            method="GET",
            template="/api/SCIM/v2/Token",
            query={"duration": validation.whole_number("duration_days", duration_days, 1)},
            idempotent=False,
            secret_response=True,
        )
        decoded = await self._one(request, _TOKEN)
        return ScimToken(token=decoded) if isinstance(decoded, str) else decoded
