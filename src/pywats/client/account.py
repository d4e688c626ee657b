"""Where a client goes and as whom: what the program gave it, and what the environment adds."""

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
    """Address and credentials as the program gave them; what is None, the environment says.

    It is what a pickle of a client holds of both, so that nothing of this process's environment
    is in it.
    """

    base_url: str | None = None
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @without_locals_on_failure
    def endpoint(self, correlation_header: str) -> Endpoint:
        """Return the endpoint that it stands for in this process.

        Raises:
            TypeError: A value is not a string.
            ValueError: Address or credentials are missing, or not as they must be.
        """
        base_url = resolve_base_url(self.base_url)
        credentials = resolve_credentials(self.token, self.username, self.password)
        return credentials.endpoint(base_url, correlation_header)
