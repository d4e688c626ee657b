from __future__ import annotations

import copy
import gc
import inspect
import pickle
import weakref
from typing import TYPE_CHECKING, Self

import pytest

from pywats import SyncConfig, SyncServiceWrapper

if TYPE_CHECKING:
    from tests.tracing import Spans


class HTTPProbeV2:
    """An async object with a bit of everything that this release supports."""

    unit = "V"

    def __init__(self) -> None:
        self.range = 10

    async def measure(self, channel: int, *, average: int = 1) -> float:
        """Measure a channel."""
        return channel * self.range / average

    def describe(self) -> str:
        return f"probe to {self.range} {self.unit}"

    @property
    def doubled(self) -> int:
        return self.range * 2


def test_coroutine_methods_are_called_without_await() -> None:
    assert SyncServiceWrapper(HTTPProbeV2()).measure(3, average=2) == 15


def test_other_attributes_are_those_of_the_object() -> None:
    wrapper = SyncServiceWrapper(HTTPProbeV2())
    assert (wrapper.unit, wrapper.describe(), wrapper.doubled) == ("V", "probe to 10 V", 20)


def test_assignment_reaches_the_object_and_replaces_a_method() -> None:
    probe = HTTPProbeV2()
    wrapper = SyncServiceWrapper(probe)
    wrapper.range = 5
    assert (probe.range, wrapper.doubled) == (5, 10)
    assert wrapper.measure(1) == 5

    async def measure(channel: int) -> float:
        return -channel

    attribute = "measure"
    setattr(wrapper, attribute, measure)
    assert wrapper.measure(1) == -1
    delattr(wrapper, attribute)
    assert wrapper.measure(1) == 5
    with pytest.raises(AttributeError, match="doubled"):
        wrapper.doubled = 3


def test_a_method_keeps_its_name_documentation_and_parameters() -> None:
    wrapper = SyncServiceWrapper(HTTPProbeV2())
    method = wrapper.measure
    assert (method.__name__, method.__doc__) == ("measure", "Measure a channel.")
    assert list(inspect.signature(method).parameters) == ["channel", "average"]
    assert not inspect.iscoroutinefunction(method)
    assert wrapper.measure == wrapper.measure


def test_a_missing_attribute_names_the_class_of_the_object() -> None:
    with pytest.raises(AttributeError, match="'HTTPProbeV2' object has no attribute 'mesure'"):
        SyncServiceWrapper(HTTPProbeV2()).mesure()
    with pytest.raises(AttributeError, match="__length__"):
        _ = SyncServiceWrapper(HTTPProbeV2()).__length__


def test_dir_and_repr_show_the_object() -> None:
    wrapper = SyncServiceWrapper(HTTPProbeV2())
    assert {"measure", "describe", "unit", "range"} <= set(dir(wrapper))
    assert repr(wrapper) == "<SyncServiceWrapper of HTTPProbeV2>"


def test_copying_and_pickling_say_why_not_and_do_not_recurse() -> None:
    wrapper = SyncServiceWrapper(HTTPProbeV2())
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="it holds connections; make a new client"):
            attempt(wrapper)
    with pytest.raises(AttributeError, match="no attribute 'measure'"):
        SyncServiceWrapper.__new__(SyncServiceWrapper).measure()


def test_spans_are_named_after_the_class_or_as_told(spans: Spans) -> None:
    SyncServiceWrapper(HTTPProbeV2()).measure(1)
    SyncServiceWrapper(HTTPProbeV2(), name="bench").measure(1)
    assert [span.name for span in spans.finished] == [
        "http_probe_v2.measure",
        "bench.measure",
    ]


def test_a_wrong_config_is_refused() -> None:
    with pytest.raises(TypeError, match="config='fast': must be a SyncConfig, not str"):
        SyncServiceWrapper(HTTPProbeV2(), "fast")  # type: ignore[arg-type]  # the mistake under test
    assert SyncServiceWrapper(HTTPProbeV2(), SyncConfig(timeout=1)).measure(1) == 10


class Bench:
    """An async context manager that hands out itself and others of its kind."""

    def __init__(self) -> None:
        self.log: list[object] = []

    async def lock(self) -> Bench:
        return self

    def reset(self) -> Bench:
        return self

    async def slot(self) -> Bench:
        return Bench()

    async def names(self) -> list[str]:
        return ["a"]

    @staticmethod
    def version() -> int:
        return 3

    async def __aenter__(self) -> Self:
        self.log.append("in")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self.log.append(kind)
        return kind is KeyError


def test_an_object_that_returns_itself_returns_its_wrapper() -> None:
    wrapper = SyncServiceWrapper(Bench())
    assert wrapper.lock() is wrapper
    assert wrapper.reset() is wrapper
    assert wrapper.version() == 3


def test_classes_are_wrapped_on_the_way_out_as_declared() -> None:
    class Special(SyncServiceWrapper[Bench]):
        pass

    wrapper = SyncServiceWrapper(Bench(), faces={Bench: Special})
    slot = wrapper.slot()
    assert isinstance(slot, Special)
    assert isinstance(slot.slot(), Special)
    assert slot.names() == ["a"]
    assert type(SyncServiceWrapper(Bench(), faces={Bench: None}).slot()) is Bench
    asked: list[object] = []

    def face_of(value: object) -> type[Special] | None:
        asked.append(value)
        return Special if isinstance(value, Bench) else None

    by_function = SyncServiceWrapper(Bench(), faces=face_of)
    assert isinstance(by_function.slot(), Special)
    assert by_function.lock() is by_function
    assert [type(each) for each in asked] == [Bench]


def test_an_async_context_manager_is_one_for_with(spans: Spans) -> None:
    bench = Bench()
    wrapper = SyncServiceWrapper(bench)
    with wrapper as entered:
        assert entered is wrapper
    with wrapper:
        raise KeyError
    with pytest.raises(ValueError, match="x"), wrapper:
        raise ValueError("x")
    assert bench.log == ["in", None, "in", KeyError, "in", ValueError]
    assert {span.name for span in spans.finished} == {"bench.enter", "bench.exit"}


class Closable:
    async def aclose(self) -> None: ...


@pytest.mark.parametrize(
    ("made", "advice"),
    [(HTTPProbeV2, r"enter that: with entering\(face\.method"), (Closable, r"call its aclose\(\)")],
)
def test_another_object_is_refused_by_with(made: type, advice: str) -> None:
    with (
        pytest.raises(TypeError, match=f"{made.__name__} is not a context manager: .*{advice}"),
        SyncServiceWrapper(made()),
    ):
        pass


class Half:
    """Can be entered, and not left."""

    async def __aenter__(self) -> Self:
        return self


def test_an_object_that_cannot_be_left_is_refused_when_it_should_be() -> None:
    with (
        pytest.raises(TypeError, match="Half is not a context manager: it has no __aexit__"),
        SyncServiceWrapper(Half()),
    ):
        pass


class Station:
    """Hands out objects that need a face."""

    def __init__(self, kinds: list[type]) -> None:
        self._kinds = kinds

    async def take(self) -> object:
        return self._kinds.pop(0)()


def probe() -> type:
    """Return a new class."""

    class Probe:
        async def read(self) -> int:
            return 7

    return Probe


def test_the_class_of_a_face_that_is_dropped_is_there_for_the_next_one() -> None:
    kind = probe()
    station = SyncServiceWrapper(Station([kind, kind]))
    first = weakref.ref(type(station.take()))
    gc.collect()
    second = station.take()
    assert type(second) is first()
    assert second.read() == 7


def test_classes_that_are_not_used_any_more_do_not_pile_up() -> None:
    station = SyncServiceWrapper(Station([probe() for _ in range(100)]))
    classes = [weakref.ref(type(station.take())) for _ in range(100)]
    gc.collect()
    assert sum(each() is not None for each in classes) == 64
