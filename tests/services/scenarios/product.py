"""Scenarios of the product service; details: `tests.services.product.test_product_requests`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import Bom, BomComponent, Product, ProductCategory, ProductRevision, Vendor
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
    product.description = "better"
    assert (await bench.call("update_product", product)).description == "better"
    await bench.call("bulk_save_products", [Product(part_number="B"), Product(part_number="C")])
    assert len(await bench.call("get_products")) == 3
    assert len(await bench.call("get_products_full")) == 3
    assert len(await bench.call("get_active_products")) == 3
    assert len(await bench.call("query_products", "partNumber ne 'C'", 5, 0, "partNumber")) == 2
    assert [
        view.part_number for view in await bench.call("iter_products", "state eq 1", page_size=2)
    ] == ["A/B#1?x", "B", "C"]
    assert bench.sent == [
        f"GET /api/Product/Query?$filter=state%20eq%201&$top=2&$skip={skip}&$orderby=partNumber"
        for skip in (0, 2, 3)
    ]
    await bench.call("delete_product", "C")
    assert len(await bench.call("get_products")) == 2


async def two_products(bench: Bench) -> None:
    for part_number in ("A", "B"):
        await bench.call("create_product", part_number)
        await bench.call("create_revision", part_number, "1")


async def revisions_and_tags(bench: Bench) -> None:
    await two_products(bench)
    revision = await bench.call("get_revision", "A", "1")
    revision.description = "better"
    await bench.call("update_revision", revision)
    await bench.call("bulk_save_revisions", [ProductRevision(revision="2", part_number="A")])
    assert [each.revision for each in await bench.call("get_revisions", "A")] == ["1", "2"]
    await bench.call("delete_revision", "A", "2")
    await bench.call("set_product_tags", "A", {"Site": "01"})
    await bench.call("add_product_tag", "A", "Line", "7")
    assert len(await bench.call("get_product_tags", "A")) == 2
    await bench.call("set_revision_tags", "A", "1", {"Site": "01"})
    await bench.call("add_revision_tag", "A", "1", "Line", "7")
    assert len(await bench.call("get_revision_tags", "A", "1")) == 2


async def groups(bench: Bench) -> None:
    await two_products(bench)
    group = await bench.call("create_group", "Power")
    other = await bench.call("create_product_group", "Logic", "d")
    await bench.call("update_product_group", group.id, name="Supply")
    await bench.call("add_product_group_filter", "Supply", "A", "1")
    assert len(await bench.call("get_product_group_filters", group.id)) == 1
    assert len(await bench.call("get_groups")) == 2
    assert len(await bench.call("get_product_groups", include_filters=True)) == 2
    assert await bench.call("get_groups_for_product", "B") == []
    assert len(await bench.call("get_product_groups_by_product", "A", "1")) == 1
    await bench.call("delete_product_group", other.id)


async def master_data(bench: Bench) -> None:
    await two_products(bench)
    await bench.call("save_vendor", "Acme")
    await bench.call("save_vendors", [Vendor(name="Bolt"), Vendor(name="Cable")])
    await bench.call("delete_vendor", "Acme")
    await bench.call("delete_vendors", [Vendor(name="Bolt")])
    assert [vendor.name for vendor in await bench.call("get_vendors")] == ["Cable"]
    await bench.call("save_product_categories", [ProductCategory(name="PCB")])
    assert len(await bench.call("get_product_categories")) == 1
    await bench.call("update_bom", "A", "1", [BomComponent(number="R1", quantity=2)])
    assert len(await bench.call("get_bom", "A", "1")) == 1
    await bench.call("upload_bom", "A", "1", [BomComponent(number="R2", quantity=2)])
    await bench.call("save_bom", Bom(part_number="A", revision="1"))
    assert await bench.call("get_bom_items", "A", "1") == []


async def box_builds(bench: Bench) -> None:
    await two_products(bench)
    relation = await bench.call("add_subunit", "A", "1", "B", "1", quantity=2)
    relation.quantity = 3
    await bench.call("update_subunit", relation)
    (subunit,) = await bench.call("get_box_build_subunits", "A", "1")
    assert subunit.quantity == 3
    assert len(await bench.call("get_product_hierarchy", "A", "1")) == 2
    template = await bench.call("get_box_build_template", "A", "1")
    assert [part.quantity for part in template.get_required_parts()] == [3]
    await bench.call("remove_subunit", relation.relation_id)


SCENARIOS: list[Scenario] = [products, revisions_and_tags, groups, master_data, box_builds]
