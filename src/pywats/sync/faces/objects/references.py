"""Find the objects that the code of a function refers to, without running it."""

from __future__ import annotations

import dis
import inspect
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FunctionType

__all__ = ["defines_coroutine", "references"]

_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def references(function: FunctionType, of: type) -> list[Any]:
    """Return the objects a function refers to: globals, closures, imports, and methods of self.

    In a dotted name, such as ``asyncio.run``, attributes of modules are resolved.

    Args:
        function: The function.
        of: The class of which the function is a method.
    """
    scope = {**function.__globals__, **_closure(function)}
    itself = function.__code__.co_varnames[:1]
    imported: dict[str, Any] = {}
    found: list[Any] = []
    value: Any = None
    for opname, name in _steps(function):
        if opname.startswith(("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF")):
            value = scope.get(name)
        elif opname == "LOAD_FAST":
            value = of if name in itself else imported.get(name)
        elif opname == "IMPORT_NAME":
            value = sys.modules.get(name)
        elif opname == "STORE_FAST":
            imported[name] = value
            value = None
        elif opname in {"LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM"}:
            value = _attribute(value, name, of)
        elif opname not in {"PUSH_NULL", "CACHE", "COPY_FREE_VARS", "RESUME"}:
            value = None
        if value is not None and value is not of:
            found.append(value)
    return found


def _steps(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the name and the argument of each instruction."""
    for each in dis.get_instructions(function):
        # Since Python 3.13, one instruction may load or store two variables.
        fast = re.findall("LOAD_FAST|STORE_FAST", each.opname)
        if fast:
            names = each.argval if isinstance(each.argval, tuple) else (each.argval,)
            yield from zip(fast, names, strict=False)
        else:
            yield each.opname, each.argval


def defines_coroutine(function: FunctionType) -> bool:
    """Tell whether a function has a coroutine function or async generator in its body."""
    return any(
        inspect.iscode(each) and each.co_flags & _COROUTINE for each in function.__code__.co_consts
    )


def _attribute(value: Any, name: str, of: type) -> Any:
    if inspect.ismodule(value):
        return vars(value).get(name)
    if value is of:
        member = inspect.getattr_static(of, name, None)
        return member if inspect.isfunction(member) else None
    return None


def _closure(function: FunctionType) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            continue  # The variable is not assigned yet, such as a function defined below.
    return found
