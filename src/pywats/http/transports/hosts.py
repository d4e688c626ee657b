"""The hosts whose requests carry correlation id and trace context."""

from __future__ import annotations

from collections.abc import Iterable

from pywats.redaction import one_line

__all__ = ["Hosts"]

_ALLOWED = "must be a collection of hosts such as ('api.example.com',)"


class Hosts:
    """A set of hosts, each with or without a port.

    Args:
        only: The hosts; None for all hosts.

    Raises:
        TypeError: ``only`` is not a collection of strings.
        ValueError: A host is empty, or a URL.
    """

    def __init__(self, only: Iterable[str] | None) -> None:
        self._only = None if only is None else _parsed(only)

    def include(self, host: str, port: int | None) -> bool:
        """Return whether requests to a host carry the ids."""
        if self._only is None:
            return True
        name = host.lower().rstrip(".")
        return name in self._only or f"{name}:{port}" in self._only


def _shown(only: object) -> str:
    # A URL in place of a host may have a password.
    return one_line(repr(only))


def _parsed(only: object) -> frozenset[str]:
    if isinstance(only, str | bytes) or not isinstance(only, Iterable):
        raise TypeError(f"only={_shown(only)}: {_ALLOWED}")
    hosts: list[object] = list(only)
    found: set[str] = set()
    for host in hosts:
        if not isinstance(host, str):
            raise TypeError(f"only={_shown(hosts)}: {_ALLOWED}")
        if not host or "/" in host:
            raise ValueError(f"only={_shown(hosts)}: {_ALLOWED}, without scheme or path")
        found.add(host.lower().rstrip("."))
    return frozenset(found)
