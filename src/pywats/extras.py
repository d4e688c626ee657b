"""Tell the user which extra to install if an optional package is missing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["needs"]


@contextmanager
def needs(extra: str, feature: str) -> Iterator[None]:
    """Name the extra in the error if an import inside the ``with`` block fails.

    Args:
        extra: Name of the extra.
        feature: The feature that needs the extra.

    Raises:
        ModuleNotFoundError: A package of the extra is not installed; the message says what to
            install.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        package = (missing.name or "pywats").partition(".")[0]
        if package == "pywats":
            raise
        raise ModuleNotFoundError(
            f"{feature} needs the package {package}: pip install 'pywats[{extra}]'",
            name=missing.name,
        ) from missing
