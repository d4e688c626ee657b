"""Recognize errors of a connection that httpx lets pass as they are.

httpcore translates the errors that it expects. An `ssl.SSLError` while an event loop reads is not
among them, and neither is the `UnicodeError` of a host name that has no encoding, nor the error of
socksio if a SOCKS proxy replies with something else.
"""

from __future__ import annotations

import traceback
from typing import Final

__all__ = ["is_of_socks", "is_raw_network_error"]

_HTTP: Final = frozenset({"httpcore", "httpcore2"})
# Packages whose code runs below httpcore when it uses a connection.
_NETWORK: Final = _HTTP | {
    *("anyio", "asyncio", "uvloop", "trio", "sniffio", "selectors", "concurrent"),
    *("ssl", "socket", "socksio", "encodings", "contextlib"),
}


def is_of_socks(error: BaseException) -> bool:
    """Return whether an error says that a SOCKS proxy does not keep to its protocol."""
    return type(error).__module__.partition(".")[0] == "socksio"


def is_raw_network_error(error: BaseException) -> bool:
    """Return whether an error was raised by the connection of a request, and not by other code.

    The body of a request may be read from a file, and a service may have a transport of its own:
    their errors are theirs.
    """
    if is_of_socks(error):
        return True
    if not isinstance(error, OSError | UnicodeError):
        return False
    within = False
    for frame, _ in traceback.walk_tb(error.__traceback__):
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        within = package in _HTTP if not within else package in _NETWORK
    return within
