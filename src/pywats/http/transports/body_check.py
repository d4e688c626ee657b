"""Refuse a body that an earlier attempt of the call has consumed, wholly or in part."""

from __future__ import annotations

import weakref
from types import AsyncGeneratorType, GeneratorType
from typing import TYPE_CHECKING, Any, Final

from pywats.http.transports.errors import LocalProtocolError, in_family

if TYPE_CHECKING:
    import httpx

    from pywats.http.attempt import Attempt
    from pywats.http.network.exchange import Exchange

__all__ = ["check_body"]

# The exchange that each generator was last given to. A generator cannot be rewound; other iterators
# may be, such as files.
_given: Final[weakref.WeakKeyDictionary[object, Exchange]] = weakref.WeakKeyDictionary()


def check_body(request: httpx.Request, attempt: Attempt, family: Any) -> None:
    """Refuse a body from a generator that was read for an earlier request.

    If a retried method receives the generator as an argument, the second attempt would send only
    the rest of it, which is usually nothing, and the server would store that.

    Raises:
        LocalProtocolError: The generator was read before; nothing was sent.
    """
    # httpx has no public name for what an iterator's stream reads.
    source = getattr(request.stream, "_stream", None)
    if not isinstance(source, AsyncGeneratorType | GeneratorType):
        return
    if getattr(request.stream, "_is_stream_consumed", False):
        # The same request is sent again, as for a redirect: httpx raises StreamConsumed.
        return
    before = _given.get(source)
    # The body is read after the head was sent: an attempt that did not connect has not read it.
    if before is not None and before.sent:
        raise in_family(LocalProtocolError, family)(
            f"{attempt.described}: nothing was sent, for the body is a generator that an earlier "
            "request has read: pass bytes, or create the generator in the method that sends it"
        )
    _given[source] = attempt.exchange
