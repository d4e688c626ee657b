"""Find out whether the calling statement enters the result of a call, iterates over it, or neither.

``pool.acquire()`` can be awaited or entered, and ``connection.cursor()`` can be awaited or
iterated over. In async code the caller decides with ``await``, ``async with`` or ``async for``. In
sync code only the statement around the call shows it, so this module reads the bytecode
instructions after the call. Awaiting first and entering later would be wrong: awaiting a pool's
``acquire()`` takes a connection, and entering it would take a second one. Queries of
object-relational mappers are built call by call, and the result of each call can be awaited. There
the attribute that is read from the result decides. The look-up takes about 1 microsecond. Only
results that can be awaited and used in another way need it.

The first instructions of ``with`` and ``for`` change with the version of Python. So they are not
listed here: the module compiles sample statements and reads their bytecode. If the samples have no
common instructions, or other instructions follow the call, the result is awaited.
"""

from __future__ import annotations

import dis
import functools
import itertools
import sys
from typing import TYPE_CHECKING, Final, Literal, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import CodeType, FrameType

__all__ = [
    "Use",
    "attribute_after",
    "attribute_of_result",
    "beginnings",
    "calling_package",
    "use_after",
    "use_of_result",
]

Use = Literal["with", "for", "attribute", "other"]
T = TypeVar("T")
_Step = tuple[str, int | None]
"""Name of an instruction and its argument."""

_PACKAGE: Final = __name__.rpartition(".")[0]

# Sample statements of each kind; the instructions after the call begin alike in one kind.
_STATEMENTS: Final[tuple[tuple[Use, tuple[str, ...]], ...]] = (
    ("with", ("with f(): pass", "with f() as x: pass", "with f() as (x, y): pass")),
    ("for", ("for x in f(): pass", "for x, y in f(): pass", "[x for x in f()]")),
    ("for", ("def g(): yield from f()", "def g():\n 'Constants differ.'\n x = yield from f()")),
)

_LONGEST: Final = 8
_ENOUGH: Final = 16
_STORES: Final = frozenset({"STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF"})
_WITHOUT_EFFECT: Final = frozenset({"EXTENDED_ARG", "NOP"})

_known: WeakKeyDictionary[CodeType, dict[int, Use]] = WeakKeyDictionary()
_attributes: WeakKeyDictionary[CodeType, dict[int, str]] = WeakKeyDictionary()


def use_of_result() -> Use:
    """Return how the caller of the face uses the result of the current call.

    It does not return "attribute"; see `attribute_of_result`.
    """
    return _at_call_site(_known, use_after, "other")


def attribute_of_result() -> str:
    """Return the attribute that the caller reads directly from the result; empty if none."""
    return _at_call_site(_attributes, attribute_after, "")


def _at_call_site(
    known: WeakKeyDictionary[CodeType, dict[int, T]], look: Callable[[CodeType, int], T], nothing: T
) -> T:
    frame = _calling_frame()
    if frame is None:
        return nothing  # pragma: no cover - tested, but in a thread without coverage
    seen = known.setdefault(frame.f_code, {})
    found = seen.get(frame.f_lasti)
    if found is None:
        found = seen[frame.f_lasti] = look(frame.f_code, frame.f_lasti)
    return found


def calling_package() -> str:
    """Return the top-level package of the code that calls the face; empty if there is none."""
    frame = _calling_frame()
    module: str = "" if frame is None else frame.f_globals.get("__name__", "")
    return module.partition(".")[0]


def _calling_frame() -> FrameType | None:
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the documented way, for CPython
    while frame is not None and _is_ours(frame):
        frame = frame.f_back
    return frame


def _is_ours(frame: FrameType) -> bool:
    module: str = frame.f_globals.get("__name__", "")
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")


def use_after(code: CodeType, offset: int) -> Use:
    """Return how the code uses the result of the call at an offset."""
    following = list(itertools.islice(_following(code, offset), _ENOUGH))
    # Skip an assignment by ``:=``: it does not change how the result is used.
    while following[:1] == [("COPY", 1)] and {name for name, _ in following[1:2]} <= _STORES:
        del following[:2]
    for use, beginning in beginnings():
        if following[: len(beginning)] == beginning:
            return use
    return "other"


def attribute_after(code: CodeType, offset: int) -> str:
    """Return the attribute that is read from the result of a call; empty if none."""
    for each in dis.get_instructions(code):
        if each.offset > offset and not (each.opname in _WITHOUT_EFFECT or _is_rewritten(each)):
            return str(each.argval) if each.opname in _attribute_instructions() else ""
    return ""


def _is_rewritten(instruction: dis.Instruction) -> bool:
    """Tell whether the instruction is part of an ``assert`` statement that pytest has rewritten."""
    names = instruction.argval
    names = names if isinstance(names, tuple) else (names,)
    return all(isinstance(name, str) and name.startswith("@") for name in names)


@functools.cache
def _attribute_instructions() -> frozenset[str]:
    """Return the instructions that read an attribute in this version of Python."""
    return frozenset(_after_the_call(each)[0][0] for each in ("f().x", "f().x()"))


def _following(code: CodeType, offset: int) -> Iterator[_Step]:
    """Yield the instructions that run after an offset if no conditional jump is taken."""
    at = offset + 1
    for each in dis.get_instructions(code):
        if each.offset < at or each.opname in _WITHOUT_EFFECT:
            continue
        if each.opname == "JUMP_FORWARD":
            at = each.argval
        else:
            yield each.opname, each.arg


@functools.cache
def beginnings() -> tuple[tuple[Use, list[_Step]], ...]:
    """Return the instructions after a call in each kind of statement, in this version of Python."""
    found: list[tuple[Use, list[_Step]]] = [
        (use, _in_common(map(_after_the_call, texts))) for use, texts in _STATEMENTS
    ]
    return tuple(each for each in found if each[1])


def _after_the_call(statement: str) -> list[_Step]:
    code = compile(statement, "<statement>", "exec")
    inner = [each for each in code.co_consts if hasattr(each, "co_code")]
    code = inner[0] if statement.startswith("def") else code
    calls = (each.offset for each in dis.get_instructions(code) if each.opname.startswith("CALL"))
    return list(_following(code, next(calls, sys.maxsize)))[:_LONGEST]


def _in_common(ways: Iterable[Sequence[_Step]]) -> list[_Step]:
    steps = itertools.takewhile(lambda step: len(set(step)) == 1, zip(*ways, strict=False))
    return [step[0] for step in steps]
