"""Find the stub file that type checkers read in place of a module's source."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = ["is_untyped", "stub_file"]


def stub_file(module: ModuleType, name: str) -> Path | None:
    """Return the stub file of a module; None if there is none.

    The stub is beside the module, in a stub package (PEP 561) such as ``types-aiofiles``, or, for
    the standard library, in the copy of typeshed in mypy.

    Args:
        module: The module.
        name: Its full name.
    """
    package = hasattr(module, "__path__")
    own = getattr(module, "__file__", None)
    if own is not None:
        beside = Path(own).parent / f"{Path(own).name.partition('.')[0]}.pyi"
        if beside.exists():
            return beside
    top, _, rest = name.partition(".")
    below = Path(*rest.split(".")) if rest else Path()
    for root in _roots(top):
        found = root / below / "__init__.pyi" if package else (root / below).with_suffix(".pyi")
        if found.exists():
            return found
    return None


def _roots(top: str) -> Iterator[Path]:
    for entry in sys.path:
        yield Path(entry or ".") / f"{top}-stubs"
    if top in sys.stdlib_module_names:
        typeshed = _typeshed()
        if typeshed is not None:
            yield typeshed / top


@cache
def _typeshed() -> Path | None:
    found = importlib.util.find_spec("mypy")
    for location in (found and found.submodule_search_locations) or ():
        return Path(location) / "typeshed" / "stdlib"
    return None


def is_untyped(kind: type) -> bool:
    """Tell whether type checkers treat a class as Any, because its package has no types."""
    top = sys.modules.get(kind.__module__.partition(".")[0])
    module = sys.modules.get(kind.__module__)
    own = getattr(top, "__file__", None)
    if module is None or own is None or stub_file(module, kind.__module__) is not None:
        return False
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    folder = Path(own).resolve().parent
    return not installed.isdisjoint(folder.parents) and not (folder / "py.typed").exists()
