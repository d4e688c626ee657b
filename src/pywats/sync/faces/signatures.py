"""Signatures of methods on a synchronous face, as ``help()`` shows them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COUNTERPARTS", "with_sync_result"]

COUNTERPARTS: Final[dict[str, type]] = {
    "AsyncIterator": Iterator,
    "AsyncIterable": Iterable,
    "AsyncGenerator": Generator,
    "AsyncContextManager": AbstractContextManager,
    "AbstractAsyncContextManager": AbstractContextManager,
}
"""The synchronous type for each async type."""

_ASYNC: Final = re.compile(rf"(?:\w+\.)*({'|'.join(COUNTERPARTS)})(?:\[(.*)\])?", re.DOTALL)


def with_sync_result(method: Callable[..., Any], function: Callable[..., Any]) -> None:
    """Replace an async return type in a signature: for example Iterator for AsyncIterator.

    Args:
        method: The method of the face.
        function: The function of the async class that it calls.
    """
    result = _sync_result(function)
    if result is not None:
        signature = inspect.signature(method).replace(return_annotation=result)
        method.__signature__ = signature  # type: ignore[attr-defined]  # inspect reads it


def _sync_result(function: Callable[..., Any]) -> str | None:
    """Return the new annotation; None if the annotation of the function is right for a face."""
    try:
        result: object = function.__annotations__.get("return")
    except NameError:
        # Since Python 3.14 annotations are evaluated here; names imported only for type checkers
        # fail.
        return None
    text = result if isinstance(result, str) else inspect.formatannotation(result)
    found = _ASYNC.fullmatch(text)
    if found is None:
        return None
    name, arguments = found.groups()
    returned = ", None" if name == "AsyncGenerator" else ""
    return COUNTERPARTS[name].__name__ + (f"[{arguments}{returned}]" if arguments else "")
