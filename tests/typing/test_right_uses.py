# pyright: strict
"""Right uses: type checkers read the types, and the test runs them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from decimal import Decimal
from typing import assert_type

from pywats import SyncConfig
from tests.typing.channels import Channel
from tests.typing.meters import AsyncMeter, AsyncReadings, Mode, Reading
from tests.typing.sync_meters import SyncMeter, SyncReadings, SyncSlot


def test_a_face_has_the_types_of_its_async_class() -> None:
    meter = SyncMeter(AsyncMeter(), SyncConfig(timeout=5))
    assert assert_type(meter.measure(2), float) == -30
    assert meter.measure(2, 1, mode=Mode.SLOW, scale=3, wait="short") == 6
    assert meter.measure(2, 1, name=Channel("other"), names=["a"]) == 20
    assert assert_type(meter.many(1, 2, three=3), dict[str, float]) == {"1": 1, "2": 2, "three": 3}
    assert assert_type(meter.read(text=True), str) == "1.0"
    assert assert_type(meter.read(), bytes) == b"1.0"
    assert assert_type(meter.apply(divmod, 7, 2), tuple[int, int]) == (3, 1)
    assert assert_type(meter.price(), Decimal | None) is None
    assert assert_type(meter.later(1), int) == 1
    assert assert_type(meter.soon("x"), list[str]) == ["x"]
    assert assert_type(meter.version(), str) == "1"
    assert assert_type(meter.put("a", 1.5), float) == 1.5
    assert assert_type(meter.get("a"), float | None) == 1.5


def test_what_comes_out_has_a_face_too() -> None:
    meter = SyncMeter(AsyncMeter())
    assert assert_type(meter.reset(), SyncMeter) is meter
    assert assert_type(meter.select(7), SyncMeter) is meter
    assert meter.span == 7
    slot = assert_type(meter.slot(), SyncSlot | None)
    assert slot is not None
    assert assert_type(slot.next(), SyncSlot).number == 2
    assert meter.slot(number=0) is None
    assert assert_type(meter.main_slot, SyncSlot).number == 1
    assert assert_type(meter.twin(), SyncMeter).owner == "twin"
    assert assert_type(meter.for_owner("me"), SyncMeter).owner == "me"
    (inside,) = assert_type(meter.all_slots(), list[SyncSlot])
    assert isinstance(inside, SyncSlot)


def test_iterators_and_contexts_are_plain() -> None:
    wrapped = AsyncMeter()
    meter = SyncMeter(wrapped)
    stream = assert_type(meter.stream(2), Generator[Reading, None, None])
    assert list(stream) == [("first", 0.0), ("first", 1.0)]
    assert list(assert_type(meter.numbers(5), Generator[int, None, None])) == [0, 1, 2, 3, 4]
    assert [slot.number for slot in assert_type(meter.slots(), Iterator[SyncSlot])] == [1, 2]
    meter.select(3)
    assert assert_type(list(meter), list[int]) == [2, 1, 0]
    with meter.locked("repair") as slot:
        assert assert_type(slot, SyncSlot).number == 0
    with meter.session() as slot:
        assert assert_type(slot, SyncSlot).number == 0
    with meter as entered:
        assert assert_type(entered, SyncMeter) is meter
    log = ["stream ended", "lock for repair", "unlock", "lock for session", "unlock"]
    assert wrapped.log == [*log, "enter", "exit"]


def test_attributes_are_those_of_the_object() -> None:
    wrapped = AsyncMeter("me")
    meter = SyncMeter(wrapped)
    assert assert_type(meter.owner, str) == "me"
    meter.owner = "you"
    meter.limit = 3
    meter.span = 4
    assert (wrapped.owner, wrapped.limit, wrapped.span) == ("you", 3, 4)
    assert assert_type(meter.unit, str) == "V"
    assert assert_type(meter.family, str) == "probe"
    assert assert_type(meter.SERIAL, int) == 7
    assert assert_type(meter.label, str) == "probe 7"


def test_a_generic_class_has_a_generic_face() -> None:
    readings = SyncReadings(AsyncReadings[int]())
    assert assert_type(readings.put("a", 1), int) == 1
    assert assert_type(readings.get("a"), int | None) == 1
    assert assert_type(readings.all(), list[int]) == [1]
