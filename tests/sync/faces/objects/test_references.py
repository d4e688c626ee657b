"""What the code of a function refers to."""

from __future__ import annotations

import asyncio
from typing import Any

from pywats.sync.faces.objects.references import references


class Thing:
    def other(self) -> None:
        """Do nothing."""

    def uses(self, a: Any, b: Any) -> Any:
        import asyncio as module; module.run(a)  # fmt: skip  # noqa: E702, I001, PLC0415 - in one line Python 3.13 has one instruction
        c = a
        d = b
        self.other()
        return Local if c is d else c

    def hides(self, asyncio: Any) -> Any:
        return asyncio.run


class Local:
    pass


def test_globals_imports_and_methods_are_found() -> None:
    found = references(Thing.uses, Thing)  # type: ignore[arg-type]  # a method is a function
    assert {asyncio.run, Thing.other, Local} <= set(found)


def test_an_argument_hides_a_global() -> None:
    assert asyncio.run not in references(Thing.hides, Thing)  # type: ignore[arg-type]  # as above
