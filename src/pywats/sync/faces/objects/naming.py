"""Name async objects in spans and log lines, and in the repr of a face."""

from __future__ import annotations

import inspect
import re
from typing import Final

__all__ = ["default_name", "described"]

# Class names that are used in many libraries.
_GENERIC: Final = re.compile(r"(async_?|base_?)?client(_async)?")
_WITHOUT_PACKAGE: Final = frozenset({"", "builtins", "__main__", "__mp_main__"})


def default_name(wrapped: object) -> str:
    """Return the class name of an object in snake case, or the name of a function or module.

    If many libraries have a class with that name, such as ``Client``, the package is added:
    ``aiomqtt_client``.
    """
    name: str = getattr(wrapped, "__name__", "") or type(wrapped).__name__
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    words = words.rpartition(".")[2].strip("_<>").lower()
    kind = wrapped if isinstance(wrapped, type) else type(wrapped)
    package = str(kind.__module__).partition(".")[0].strip("_")
    if _GENERIC.fullmatch(words) and package not in _WITHOUT_PACKAGE:
        return f"{package}_{words}"
    return words


def described(wrapped: object) -> str:
    """Return the name of an object for a repr, or the name of its class if it has no name."""
    if inspect.ismodule(wrapped):
        return f"module {wrapped.__name__}"
    name: str = getattr(wrapped, "__qualname__", "") or type(wrapped).__qualname__
    return name
