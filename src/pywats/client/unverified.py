"""A warning for clients that do not verify the server."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING

from pywats.runtime.caller import levels_to_the_caller

if TYPE_CHECKING:
    import ssl

__all__ = ["UnverifiedServerWarning", "warn_if_unverified"]


class UnverifiedServerWarning(RuntimeWarning):
    """A client does not verify the server (``verify_ssl=False``).

    Anyone between the client and the server can then read the credentials and change the data.
    The warning is given once in a process.

    What to do: pass an `ssl.SSLContext` that trusts the issuer of the server's certificate as
    ``verify_ssl``, or name the issuer's file in ``SSL_CERT_FILE``. For a test server silence it:
    ``warnings.simplefilter("ignore", UnverifiedServerWarning)``.
    """


# A lock that is not released is a flag that only one thread can set.
_turn = threading.Lock()


def warn_if_unverified(verify_ssl: bool | ssl.SSLContext) -> None:  # noqa: FBT001 - the setting itself
    """Warn if a client does not verify the server, for the first such client of the process.

    Args:
        verify_ssl: The setting of the client.

    Raises:
        UnverifiedServerWarning: A filter turns warnings into errors.
    """
    if verify_ssl is not False or not _turn.acquire(blocking=False):
        return
    try:
        warnings.warn(
            "verify_ssl=False: the server's certificate is not verified, so others can read the "
            "credentials; pass an ssl.SSLContext that trusts its issuer, or set SSL_CERT_FILE "
            "(this is said once in a process)",
            UnverifiedServerWarning,
            stacklevel=levels_to_the_caller(),
        )
    except UnverifiedServerWarning:
        # If warnings are errors, raise again for the next client.
        _turn.release()
        raise
