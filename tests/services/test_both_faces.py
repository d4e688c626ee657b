"""The async face gives what the sync face gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS
from pywats.errors import NotFoundError, WATSTimeoutError
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.sandbox import Sandbox

# The tests look at the server through the sync face from within their loop.
pytestmark = pytest.mark.filterwarnings("ignore::pywats.SyncInLoopWarning")


async def test_both_faces_read_the_same(api: pyWATS, sandbox: Sandbox) -> None:
    created = api.product.create_product("A", name="Board")
    async with AsyncWATS(sandbox.base_url, sandbox.token) as other:
        assert await other.product.get_product("A") == created == api.product.get_product("A")
        assert await other.product.get_products() == api.product.get_products()
        with pytest.raises(NotFoundError) as caught:
            await other.product.get_product("missing")
    assert caught.value.correlation_id == sandbox.requests[-1].header("x-correlation-id")


async def test_the_async_face_has_the_same_limit_of_time(sandbox: Sandbox) -> None:
    sandbox.inject("*", "*", Fault.drip(interval=0.05))
    async with AsyncWATS(sandbox.base_url, sandbox.token, timeout=0.3) as api:
        with pytest.raises(
            WATSTimeoutError, match=r"the 0\.3 s timeout of this attempt \(reading\)"
        ):
            await api.product.get_products()


async def test_an_async_box_build_template_saves_on_a_clean_exit(
    api: pyWATS, sandbox: Sandbox
) -> None:
    for number in ("A", "B"):
        api.product.create_product(number)
        api.product.create_revision(number, "1")
    async with (
        AsyncWATS(sandbox.base_url, sandbox.token) as other,
        await other.product.get_box_build_template("A", "1") as template,
    ):
        await template.add_subunit("B", "1", quantity=4)
    (subunit,) = api.product.get_box_build_subunits("A", "1")
    assert subunit.quantity == 4
