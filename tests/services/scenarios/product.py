"""Scenarios of the product service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import ProductService

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

SERVICE = ProductService


async def products(bench: Bench) -> None:
    await bench.call("create_product", "A/B#1?x", name="Board")
    assert bench.sent == ["PUT /api/Product"]
    assert bench.last == {"partNumber": "A/B#1?x", "name": "Board", "nonSerial": False, "state": 1}
    product = await bench.call("get_product", "A/B#1?x")
    assert bench.sent == ["GET /api/Product/A%2FB%231%3Fx"]
    assert product.name == "Board"


SCENARIOS: list[Scenario] = [products]
