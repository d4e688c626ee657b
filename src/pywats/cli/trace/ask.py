"""Send a request to a store over HTTP; every error has a message that is safe to print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import httpx

from pywats.cli.fetch import fetch
from pywats.redaction import Secrets, one_line, without_userinfo

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Ask", "StoreError", "ask", "shown", "understanding"]

Ask = Callable[[str, Mapping[str, str]], bytes | None]
"""Sends a request by its path and its query parameters; see `ask`."""


class StoreError(Exception):
    """A store sent no usable response; the message has the reason and is safe to print."""


def ask(
    name: str, base_url: str, path: str, parameters: Mapping[str, str], timeout: float
) -> bytes | None:
    """Return the body of a response; None if the status is 404.

    Args:
        name: Name of the store.
        base_url: Address of the store; its query, such as a token, is sent too.
        path: Path of the request.
        parameters: Query parameters.
        timeout: Limit of the whole exchange in seconds.

    Raises:
        StoreError: The store was not reached, or its status is an error.
    """
    base, given = _parts(base_url)
    query = "&".join(filter(None, [given, urlencode(parameters)]))
    url = base.rstrip("/") + path + (f"?{query}" if query else "")
    place = f"{name} at {shown(base_url)}"
    try:
        response = fetch("GET", url, timeout, headers={"Accept": "application/json"})
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
        # Invalid proxies and certificates in the environment raise OSError, ValueError and others.
        secrets = Secrets(value for _, value in parse_qsl(given))
        raise StoreError(f"{place} was not reached ({one_line(str(error), secrets)})") from error
    if response.status == httpx.codes.NOT_FOUND:
        return None
    if not httpx.codes.is_success(response.status):
        raise StoreError(f"{place} responded with status {response.status}")
    return response.content


@contextmanager
def understanding(name: str, base_url: str) -> Iterator[None]:
    """Turn a parse error of a response into a `StoreError`: the server is not such a store.

    Raises:
        StoreError: The response cannot be read.
    """
    try:
        yield
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{shown(base_url)} does not respond as {name} does") from error


def shown(url: str) -> str:
    """Return the address of a store for a message: without credentials and query."""
    base, query = _parts(url)
    return one_line(without_userinfo(base) + ("?…" if query else ""))


def _parts(url: str) -> tuple[str, str]:
    """Return an address without its query, and the query."""
    base, _, query = url.partition("#")[0].partition("?")
    return base, query
