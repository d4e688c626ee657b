"""``help()`` of a method on a face names what the face returns, not what the async class does."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

import pytest

from pywats import SyncServiceWrapper, SyncWATSClient
from pywats.client.registry import SERVICES
from pywats.sync import SyncFace, sync_face

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats import pyWATS

# Both forms of an annotation: as text, and as a type.
RESULTS: list[tuple[object, str]] = [
    ("AsyncIterator[int]", "Iterator[int]"),
    ("abc.AsyncIterable[dict[str, int]]", "Iterable[dict[str, int]]"),
    ("AsyncGenerator[int, str]", "Generator[int, str, None]"),
    ("AsyncContextManager[int]", "AbstractContextManager[int]"),
    ("AsyncIterator", "Iterator"),
    (AsyncIterator[int], "Iterator[int]"),
    (AsyncIterable[int], "Iterable[int]"),
    (AsyncGenerator[int, str], "Generator[int, str, None]"),
    (AbstractAsyncContextManager[int], "AbstractContextManager[int]"),
    ("int", "int"),
    ("MyAsyncIterator[int]", "MyAsyncIterator[int]"),
    ("Callable[[], AsyncIterator[int]]", "Callable[[], AsyncIterator[int]]"),
]


class Source:
    def each(self, first: int = 0) -> Any:
        """Give each item."""

    @staticmethod
    def fixed(first: int = 0) -> Any:
        """Give each item."""


def declared() -> type[SyncFace[Any]]:
    return sync_face(Source)(type("Face", (SyncFace,), {}))


@pytest.mark.parametrize(("result", "shown"), RESULTS)
@pytest.mark.parametrize("name", ["each", "fixed"])
def test_the_result_is_named_as_the_face_returns_it(
    monkeypatch: pytest.MonkeyPatch, name: str, result: object, shown: str
) -> None:
    monkeypatch.setitem(getattr(Source, name).__annotations__, "return", result)
    face = declared()
    for method in (getattr(face(Source()), name), vars(face)[name]):
        signature = inspect.signature(method)
        annotation = signature.return_annotation
        named = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
        assert named == shown
        assert signature.parameters["first"].default == 0


def test_a_wrapper_of_any_object_names_it_too() -> None:
    class Rows:
        def each(self) -> AsyncIterator[int]:
            raise NotImplementedError

    shown = inspect.signature(SyncServiceWrapper(Rows()).each)
    assert str(shown) == "() -> 'Iterator[int]'"


def methods(api: pyWATS) -> Iterator[tuple[str, Callable[..., object]]]:
    for service, kind in SERVICES.items():
        for name in dir(kind):
            if not name.startswith("_"):
                yield f"{service}.{name}", getattr(getattr(api, service), name)
    for name in dir(SyncWATSClient):
        if name.startswith("iter_"):
            yield name, getattr(SyncWATSClient, name)


def test_no_method_of_the_client_names_an_async_type_or_a_class_behind_it(api: pyWATS) -> None:
    results = {
        name: str(inspect.signature(method).return_annotation) for name, method in methods(api)
    }
    assert {each for each in results.values() if "Async" in each or "Pages" in each} == set()
    iterators = {name: result for name, result in results.items() if ".iter_" in f".{name}"}
    assert len(iterators) == 14
    assert all(result.startswith("Iterator[") for result in iterators.values())
