"""Account: server address and credentials of a client, from the program or the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pywats.client.credentials import resolve_base_url, resolve_credentials
from pywats.redaction import without_locals_on_failure

if TYPE_CHECKING:
    from pywats.http import Endpoint

__all__ = ["Account"]


@dataclass(frozen=True, slots=True)
class Account:
    """Address and credentials as the program gave them; None means to read the environment.

    A pickle of a client contains this object, and so no values from the environment of this
    process.
    """

    base_url: str | None = None
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @without_locals_on_failure
    def endpoint(self, correlation_header: str) -> Endpoint:
        """Return the endpoint, completed from the environment of this process.

        Raises:
            TypeError: A value is not a string.
            ValueError: Address or credentials are missing or malformed.
        """
        base_url = resolve_base_url(self.base_url)
        credentials = resolve_credentials(self.token, self.username, self.password)
        return credentials.endpoint(base_url, correlation_header)
