"""Adapters that are made when they are used first."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from pydantic_core import SchemaError, core_schema

from pywats.models import Tag
from pywats.runtime import fork_gate
from pywats.services.adapters import adapter

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

INSIDE: list[bool] = []


class Noting:
    """Notes whether a fork would wait while pydantic makes its schema."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        INSIDE.append(threading.get_ident() in fork_gate._inside)
        return core_schema.is_instance_schema(cls)


def test_an_adapter_is_made_once_with_its_first_use() -> None:
    INSIDE.clear()
    get = adapter(lambda: Noting)
    assert INSIDE == []
    assert get() is get()
    assert INSIDE == [True]
    assert fork_gate._inside == {}


def test_it_decodes_what_its_type_says() -> None:
    get = adapter(lambda: list[Tag])
    assert get().validate_json(b'[{"key": "a", "value": "1"}]') == [Tag(key="a", value="1")]


@pytest.mark.parametrize(
    ("raised", "seen"), [(KeyboardInterrupt, KeyboardInterrupt), (OSError, SchemaError)]
)
def test_an_interrupt_is_one_and_the_next_use_makes_it(
    raised: type[BaseException], seen: type[BaseException]
) -> None:
    failing = [True]

    class Interrupted:
        @classmethod
        def __get_pydantic_core_schema__(
            cls, source: type, handler: GetCoreSchemaHandler
        ) -> core_schema.CoreSchema:
            if failing:
                # pydantic-core gives what Python raises while it reads this as a text alone.
                return core_schema.enum_schema(Noting, [_Raising(raised)])
            return core_schema.is_instance_schema(cls)

    get = adapter(lambda: Interrupted)
    with pytest.raises(seen):
        get()
    failing.clear()
    assert get().validate_python(made := Interrupted()) is made


class _Raising:
    """Raises when pydantic asks for its value."""

    def __init__(self, error: type[BaseException]) -> None:
        self._error = error

    @property
    def value(self) -> object:
        raise self._error
