# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""Wrong uses: a type checker that did not object to one would report its ignore as unused."""

from __future__ import annotations

from pywats import SyncWATSClient, pyWATS
from tests.typing.meters import AsyncMeter
from tests.typing.sync_meters import SyncMeter


def of_a_face(meter: SyncMeter) -> None:
    meter.measure()  # type: ignore[call-arg]  # channel is missing
    meter.measure(channel=1)  # type: ignore[call-arg]  # channel is positional only
    meter.measure(1, mode="fast")  # type: ignore[arg-type]  # a Mode
    meter.measure(1, wait="shot")  # type: ignore[arg-type]  # a literal
    meter.mesure(1)  # type: ignore[attr-defined]  # misspelt
    meter.apply(divmod, 7)  # type: ignore[arg-type]  # the function takes two
    meter.main_slot = meter.twin()  # type: ignore[misc, assignment]  # read only
    meter.unti = "V"  # type: ignore[attr-defined]  # misspelt
    meter.SERIAL = 8  # type: ignore[misc]  # read only
    text: str = meter.measure(1)  # type: ignore[assignment]  # a float
    del text
    SyncMeter(AsyncMeter)  # type: ignore[arg-type]  # the class, not an object


async def as_if_it_were_async(meter: SyncMeter) -> None:
    await meter.measure(1)  # type: ignore[misc]  # no awaitable
    async for _ in meter:  # type: ignore[attr-defined]  # a plain iterator
        pass


def of_a_client() -> None:
    pyWATS(timeout="30")  # type: ignore[arg-type]  # a number
    pyWATS(tokn="x")  # type: ignore[call-arg]  # misspelt
    pyWATS().product.get_product(1)  # type: ignore[arg-type]  # a text
    pyWATS().product.get_product("A", timeout=5)  # type: ignore[call-arg]  # only the flat client takes it
    pyWATS().prodct  # type: ignore[attr-defined]  # misspelt  # noqa: B018 - an attribute under test
    SyncWATSClient().get_product("A", timeout="5")  # type: ignore[arg-type]  # a number
