"""Progress of uploads."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pywats.progress import Reporter, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.http.port import Request
    from pywats.progress import Progress

__all__ = ["telling"]


@contextmanager
def telling(request: Request, progress: Progress) -> Iterator[Request]:
    """Return a request that reports the progress of its body inside the ``with`` block.

    Args:
        request: A request with a body.
        progress: The argument of the user.

    Raises:
        TypeError: ``progress`` is neither a boolean nor a function.
    """
    if check(progress) is False:
        yield request
        return
    with Reporter(progress, "bytes") as reporter:
        yield replace(request, told=reporter.tell)
