"""Every method of the product service: what arrives at the server, and what comes back."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from pywats.errors import NotFoundError, ServerError
from pywats.models import (
    Bom,
    BomComponent,
    Product,
    ProductCategory,
    ProductRevision,
    ProductState,
    Tag,
    Vendor,
)
from pywats.sandbox import Fault
from pywats.services import ProductService

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import RecordedRequest, Sandbox

PRODUCT = "/api/Product"
INTERNAL = "/api/internal/Product"
SELECTION = "/api/internal/ProductSelection"


def body(request: RecordedRequest) -> Any:
    return json.loads(request.body)


class Bench:
    """A client, and what its last call sent."""

    def __init__(self, api: pyWATS, sandbox: Sandbox) -> None:
        self.api = api
        self.sandbox = sandbox

    def call(self, method: str, *args: object, **kwargs: object) -> Any:
        self.sandbox.clear()
        return getattr(self.api.product, method)(*args, **kwargs)

    @property
    def sent(self) -> list[str]:
        return [f"{request.method} {request.target}" for request in self.sandbox.requests]

    @property
    def last(self) -> Any:
        return body(self.sandbox.requests[-1])


@pytest.fixture
def bench(api: pyWATS, sandbox: Sandbox) -> Bench:
    for number in ("A", "B"):
        api.product.create_product(number, name=f"Board {number}")
        api.product.create_revision(number, "1.0")
    return Bench(api, sandbox)


def ids(bench: Bench, part_number: str) -> tuple[str, str]:
    revision = bench.api.product.get_revision(part_number, "1.0")
    return str(revision.product_id), str(revision.product_revision_id)


def test_get_product(bench: Bench) -> None:
    product = bench.call("get_product", "A")
    assert bench.sent == [f"GET {PRODUCT}/A"]
    assert (product.part_number, product.name, product.state) == (
        "A",
        "Board A",
        ProductState.ACTIVE,
    )
    assert [revision.revision for revision in product.revisions] == ["1.0"]


def test_query_products_sends_odata_options(bench: Bench) -> None:
    views = bench.call(
        "query_products", filter="name eq 'Board B'", top=5, skip=0, orderby="partNumber desc"
    )
    assert [view.part_number for view in views] == ["B"]
    assert bench.sent == [
        f"GET {PRODUCT}/Query?$filter=name%20eq%20%27Board%20B%27&$top=5&$skip=0"
        "&$orderby=partNumber%20desc"
    ]
    assert [v.part_number for v in bench.call("query_products", orderby="partNumber desc")] == [
        "B",
        "A",
    ]
    assert [v.part_number for v in bench.call("query_products", skip=1)] == ["B"]


def test_get_products_and_get_active_products(bench: Bench) -> None:
    bench.api.product.create_product("C", state=ProductState.INACTIVE)
    assert [view.part_number for view in bench.call("get_products")] == ["A", "B", "C"]
    assert bench.sent == [f"GET {PRODUCT}/Query"]
    assert [view.part_number for view in bench.call("get_active_products")] == ["A", "B"]
    assert bench.sent == [f"GET {PRODUCT}/Query?$filter=state%20eq%201"]


def test_get_products_full(bench: Bench) -> None:
    first, second = bench.call("get_products_full")
    assert bench.sent == [f"GET {INTERNAL}/Query"]
    assert (first.part_number, first.name, second.part_number) == ("A", "Board A", "B")
    assert bench.sandbox.requests[0].header("referer") == bench.sandbox.base_url


def test_create_product_sends_what_was_given(bench: Bench) -> None:
    category = UUID("6f7c2f0e-9d5f-4f0e-8f57-0a4a3d1c2b1a")
    product = bench.call(
        "create_product",
        "P-1",
        name="Unit",
        description="d",
        non_serial=True,
        state=ProductState.INACTIVE,
        xml_data="<Root/>",
        product_category_id=category,
    )
    assert bench.sent == [f"PUT {PRODUCT}"]
    assert bench.last == {
        "partNumber": "P-1",
        "name": "Unit",
        "description": "d",
        "nonSerial": True,
        "state": 0,
        "xmlData": "<Root/>",
        "productCategoryId": str(category),
    }
    assert isinstance(product.product_id, UUID)


def test_update_product_sends_back_what_it_read(bench: Bench) -> None:
    product = bench.api.product.get_product("A")
    product.name = "Renamed"
    assert bench.call("update_product", product).name == "Renamed"
    assert bench.sent == [f"PUT {PRODUCT}"]
    assert bench.last["productId"] == str(product.product_id)
    assert bench.last["description"] is None


def test_bulk_save_products(bench: Bench) -> None:
    assert (
        bench.call("bulk_save_products", [Product(part_number="X"), Product(part_number="Y")])
        is None
    )
    assert bench.sent == ["PUT /api/Products"]
    assert bench.last == [{"partNumber": "X"}, {"partNumber": "Y"}]
    assert bench.api.product.get_product("Y").part_number == "Y"


def test_delete_product(bench: Bench) -> None:
    bench.call("delete_product", "A")
    assert bench.sent == [f"DELETE {INTERNAL}/DeleteProduct?partNumber=A"]
    with pytest.raises(NotFoundError, match="Product 'A' does not exist"):
        bench.api.product.get_product("A")


def test_revisions_are_read_one_by_one_or_all(bench: Bench) -> None:
    assert bench.call("get_revision", "A", "1.0").revision == "1.0"
    assert bench.sent == [f"GET {PRODUCT}/A/1.0"]
    assert [revision.revision for revision in bench.call("get_revisions", "A")] == ["1.0"]
    assert bench.sent == [f"GET {PRODUCT}/A"]


def test_create_and_update_revision(bench: Bench) -> None:
    revision = bench.call("create_revision", "A", "2.0", name="Second", description="d")
    assert bench.sent == [f"GET {PRODUCT}/A", f"PUT {PRODUCT}/Revision"]
    product_id, _ = ids(bench, "A")
    assert revision.product_id == UUID(product_id)
    revision.description = "better"
    assert bench.call("update_revision", revision).description == "better"
    assert bench.sent == [f"PUT {PRODUCT}/Revision"]
    assert bench.last["productRevisionId"] == str(revision.product_revision_id)
    assert len(bench.api.product.get_revisions("A")) == 2


def test_bulk_save_revisions(bench: Bench) -> None:
    bench.call("bulk_save_revisions", [ProductRevision(revision="3.0", part_number="A")])
    assert bench.sent == ["PUT /api/Products/Revisions"]
    assert bench.last == [{"revision": "3.0", "PartNumber": "A"}]
    assert bench.api.product.get_revision("A", "3.0").revision == "3.0"


def test_delete_revision_looks_its_id_up(bench: Bench) -> None:
    _, revision_id = ids(bench, "A")
    bench.call("delete_revision", "A", "1.0")
    assert bench.sent == [
        f"GET {PRODUCT}/A/1.0",
        f"DELETE {INTERNAL}/DeleteProductRevision?productRevisionId={revision_id}",
    ]
    assert bench.api.product.get_revisions("A") == []


def test_tags_of_a_product_are_written_through_its_xml_data(bench: Bench) -> None:
    bench.call("set_product_tags", "A", {"Site": "01", "Line": "7"})
    assert bench.sent == [f"GET {PRODUCT}/A", f"PUT {PRODUCT}"]
    assert 'Site Value="01"' in bench.last["xmlData"]
    bench.call("add_product_tag", "A", "Site", "02")
    assert bench.sent == [f"GET {PRODUCT}/A", f"PUT {PRODUCT}"]
    tags = bench.call("get_product_tags", "A")
    assert bench.sent == [f"GET {PRODUCT}/A"]
    assert {tag.key: tag.value for tag in tags} == {"Site": "02", "Line": "7"}


def test_tags_of_a_revision_are_written_through_its_xml_data(bench: Bench) -> None:
    sent = [f"GET {PRODUCT}/A/1.0", f"PUT {PRODUCT}/Revision"]
    bench.call("set_revision_tags", "A", "1.0", [Tag(key="Site", value="01")])
    assert bench.sent == sent
    bench.call("add_revision_tag", "A", "1.0", "Line", "7")
    assert bench.sent == sent
    tags = bench.call("get_revision_tags", "A", "1.0")
    assert {tag.key: tag.value for tag in tags} == {"Site": "01", "Line": "7"}


def test_groups(bench: Bench) -> None:
    group = bench.call("create_group", "Power", description="d")
    assert bench.sent == [f"POST {SELECTION}/PostProductSelection"]
    assert bench.last == {"name": "Power", "description": "d"}
    other = bench.call("create_product_group", "Logic")
    assert [each.name for each in bench.call("get_groups")] == ["Power", "Logic"]
    assert bench.sent == [f"GET {SELECTION}/GetProductGroups?includeFilters=false"]
    (found,) = bench.call("get_product_groups", other.id, include_filters=True)
    assert found.name == "Logic"
    renamed = bench.call("update_product_group", group.id, name="Supply")
    assert bench.sent == [
        f"GET {SELECTION}/GetProductGroups?includeFilters=true&includePrivate=true",
        f"PUT {SELECTION}/PutProductSelection",
    ]
    assert (renamed.name, renamed.description) == ("Supply", "d")
    bench.call("delete_product_group", other.id)
    assert bench.sent == [f"DELETE {SELECTION}/DeleteProductSelections?ids={other.id}"]
    with pytest.raises(NotFoundError, match=f"group_id={other.id}: no such group"):
        bench.api.product.update_product_group(other.id, name="x")


def test_filters_put_products_into_groups(bench: Bench) -> None:
    group = bench.api.product.create_group("Power")
    bench.call("add_product_group_filter", "Power", "A", revision="1.0", exclude=False)
    assert bench.sent == [
        f"POST {PRODUCT}/ProductGroupFilter?productGroup=Power&partNumber=A&revision=1.0"
        "&exclude=false"
    ]
    bench.api.product.add_product_group_filter("Power", "B")
    rules = bench.call("get_product_group_filters", group.id)
    assert [(rule.part_number, rule.revision) for rule in rules] == [("A", "1.0"), ("B", None)]
    (only,) = bench.call("get_product_group_filters", filter_id=rules[1].id)
    assert only.part_number == "B"
    assert [each.name for each in bench.call("get_groups_for_product", "B")] == ["Power"]
    assert bench.sent == [f"GET {PRODUCT}/ProductGroupsByProduct?partNumber=B"]
    assert bench.call("get_product_groups_by_product", "A", "2.0") == []
    assert len(bench.call("get_product_groups_by_product", "A", "1.0")) == 1
    assert bench.sent == [f"GET {PRODUCT}/ProductGroupsByProduct?partNumber=A&revision=1.0"]


def test_vendors(bench: Bench) -> None:
    bench.call("save_vendor", "Acme")
    assert bench.sent == [f"PUT {PRODUCT}/Vendors"]
    assert bench.last == [{"VendorName": "Acme"}]
    bench.call("save_vendors", [Vendor(name="Bolt"), Vendor(name="Cable")])
    assert [vendor.name for vendor in bench.call("get_vendors")] == ["Acme", "Bolt", "Cable"]
    bench.call("delete_vendor", "Acme")
    assert bench.sent == [f"DELETE {PRODUCT}/Vendors"]
    assert bench.last == [{"VendorName": "Acme"}]
    bench.call("delete_vendors", [Vendor(name="Bolt")])
    assert [vendor.name for vendor in bench.api.product.get_vendors()] == ["Cable"]


def test_a_bill_of_materials_is_sent_as_wsbf(bench: Bench) -> None:
    items = [BomComponent(number="R1", quantity=2, references=["A30", "A31"])]
    bench.call("update_bom", "A", "1.0", items, description="d")
    assert bench.sent == [f"PUT {PRODUCT}/BOM"]
    (request,) = bench.sandbox.requests
    assert request.header("content-type") == "application/xml"
    assert Bom.from_wsbf(request.body).components[0].references == ["A30", "A31"]
    (component,) = bench.call("get_bom", "A", "1.0")
    assert bench.sent == [f"GET {INTERNAL}/Bom?partNumber=A&revision=1.0"]
    assert (component.number, component.quantity) == ("R1", 2)
    bench.call("save_bom", Bom(part_number="A", revision="1.0"))
    assert bench.call("get_bom_items", "A", "1.0") == []


def test_a_bill_of_materials_is_uploaded_as_json(bench: Bench) -> None:
    bench.call("upload_bom", "A", "1.0", [BomComponent(number="R1", quantity=2), {"Number": "C1"}])
    assert bench.sent == [f"PUT {INTERNAL}/BOM?partNumber=A&revision=1.0&format=json"]
    assert bench.last == [{"Number": "R1", "Qty": 2}, {"Number": "C1"}]
    assert [item.number for item in bench.api.product.get_bom("A", "1.0")] == ["R1", "C1"]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<NotBOM/>", "the root element is 'NotBOM': must be BOM"),
        (
            b'<BOM Partnumber="A" Revision="1.0"><Component Number="R1"/>'
            b'<Component PartNumber="R2"/></BOM>',
            "component 2 has no Number",
        ),
    ],
)
def test_an_invalid_bill_of_materials_is_a_server_error_as_the_api_says(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, document: bytes, why: str
) -> None:
    monkeypatch.setattr(Bom, "to_wsbf", lambda _: document)
    with pytest.raises(ServerError, match=f"The BOM is invalid: {why}"):
        bench.api.product.save_bom(Bom(part_number="A", revision="1.0"))


def test_a_bill_of_materials_goes_back_by_the_names_of_the_format(bench: Bench) -> None:
    row = {"PartNumber": "R1", "Rev": "A", "Quantity": 2, "ComponentRef": "A30;A31", "Id": 7}
    body = json.dumps([row]).encode()
    bench.sandbox.inject("GET", f"{INTERNAL}/Bom", Fault.status(200, body=body), times=1)
    items = bench.call("get_bom", "A", "1.0")
    bench.call("update_bom", "A", "1.0", items)
    (request,) = bench.sandbox.requests
    assert b'<Component Number="R1" Rev="A" Qty="2" Ref="A30;A31" />' in request.body
    (saved,) = bench.call("get_bom", "A", "1.0")
    assert (saved.number, saved.quantity) == ("R1", 2)


def test_categories(bench: Bench) -> None:
    bench.call("save_product_categories", [ProductCategory(name="PCB")])
    assert bench.sent == [f"PUT {INTERNAL}/PutProductCategories"]
    assert bench.last == [{"Name": "PCB"}]
    (category,) = bench.call("get_product_categories")
    assert bench.sent == [f"GET {INTERNAL}/GetProductCategories"]
    assert category.name == "PCB"


def test_box_builds_by_single_requests(bench: Bench) -> None:
    _, parent = ids(bench, "A")
    _, child = ids(bench, "B")
    relation = bench.call("add_subunit", "A", "1.0", "B", "1.0", quantity=2, revision_mask="1.%")
    assert bench.sent == [
        f"GET {PRODUCT}/A/1.0",
        f"GET {PRODUCT}/B/1.0",
        f"POST {INTERNAL}/PostProductRevisionRelation",
    ]
    assert bench.last == {
        "ParentProductRevisionId": parent,
        "ProductRevisionId": child,
        "Quantity": 2,
        "RevisionMask": "1.%",
    }
    (subunit,) = bench.call("get_box_build_subunits", "A", "1.0")
    assert bench.sent == [f"GET {INTERNAL}/GetProductInfo?partNumber=A&revision=1.0"]
    assert (subunit.child_part_number, subunit.child_revision, subunit.quantity) == ("B", "1.0", 2)
    subunit.quantity = 3
    bench.call("update_subunit", subunit)
    assert bench.sent == [f"PUT {INTERNAL}/PutProductRevisionRelation"]
    root, row = bench.call("get_product_hierarchy", "A", "1.0")
    assert (root.hlevel, row.hlevel, row.part_number, row.quantity) == (0, 1, "B", 3)
    bench.call("remove_subunit", relation.relation_id)
    assert bench.sent == [
        f"DELETE {INTERNAL}/DeleteProductRevisionRelation"
        f"?productRevisionRelationId={relation.relation_id}"
    ]
    assert bench.api.product.get_box_build_subunits("A", "1.0") == []


def test_a_box_build_template_sends_the_difference(bench: Bench) -> None:
    bench.api.product.create_product("C")
    bench.api.product.create_revision("C", "1.0")
    with bench.call("get_box_build_template", "A", "1.0") as template:
        assert (template.parent_part_number, template.parent_revision) == ("A", "1.0")
        template.add_subunit("B", "1.0", quantity=2).add_subunit("C", "1.0")
        assert template.has_pending_changes
        with pytest.raises(ValueError, match="is a subunit already"):
            template.add_subunit("B", "1.0")
        bench.sandbox.clear()
    assert [request.method for request in bench.sandbox.requests] == ["POST", "POST"]
    assert not template.has_pending_changes
    template.set_quantity("B", "1.0", 5)
    template.remove_subunit("C", "1.0")
    bench.sandbox.clear()
    assert template.save() is template
    assert [request.method for request in bench.sandbox.requests] == ["DELETE", "PUT"]
    fresh = bench.call("get_box_build_template", "A", "1.0")
    assert [(p.part_number, p.revision, p.quantity) for p in fresh.get_required_parts()] == [
        ("B", "1.0", 5)
    ]
    assert fresh.validate_subunit("B", "1.0")
    assert len(fresh.get_matching_subunits("B")) == 1
    assert fresh.clear_all().has_pending_changes
    assert not fresh.discard().has_pending_changes
    assert fresh.update_subunit("B", "1.0", revision_mask="2.%").subunits[0].revision_mask == "2.%"
    assert fresh.reload().subunits[0].revision_mask is None
    with pytest.raises(LookupError, match="'Z' revision '1' is not a subunit of 'A'"):
        fresh.remove_subunit("Z", "1")


def test_a_template_saves_nothing_after_an_exception(bench: Bench) -> None:
    template = bench.api.product.get_box_build_template("A", "1.0")
    with pytest.raises(LookupError), template:
        template.add_subunit("B", "1.0").remove_subunit("Z", "1.0")
    assert bench.api.product.get_box_build_subunits("A", "1.0") == []


@pytest.mark.parametrize("number", ["A/B#1?x", "a b", "æøå", "100%", "..a", "%2F", "+"])
def test_part_numbers_with_special_characters_survive(bench: Bench, number: str) -> None:
    bench.api.product.create_product(number)
    bench.api.product.create_revision(number, number)
    assert bench.api.product.get_product(number).part_number == number
    assert bench.api.product.get_revision(number, number).revision == number


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda p: p.get_product(""), ValueError, "part_number='': must be a non-empty string"),
        (lambda p: p.get_product(7), TypeError, "part_number=7: must be a non-empty string, not"),
        (lambda p: p.get_product(".."), ValueError, "partNumber='..' cannot be a path segment"),
        (lambda p: p.query_products(top=0), ValueError, "top=0: must be an integer >= 1"),
        (lambda p: p.query_products(skip=-1), ValueError, "skip=-1: must be an integer >= 0"),
        (lambda p: p.query_products(filter=""), ValueError, "filter='': must be"),
        (lambda p: p.update_product("A"), TypeError, "product='A': must be"),
        (lambda p: p.bulk_save_products([]), ValueError, "products"),
        (lambda p: p.add_product_tag("A", ["x"], "v"), TypeError, r"name=\['x'\]: must be a str"),
        (lambda p: p.add_product_tag("A", "1x", "v"), ValueError, "tag name '1x': must be a valid"),
        (lambda p: p.set_product_tags("A", {"a b": "v"}), ValueError, "tag name 'a b'"),
        (lambda p: p.upload_bom("A", "1", [], format="xml"), ValueError, "format='xml': must be"),
        (lambda p: p.add_subunit("A", "1", "B", "1", 0), ValueError, "quantity=0: must be"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    bench: Bench, call: Callable[[object], object], error: type[Exception], text: str
) -> None:
    bench.sandbox.clear()
    with pytest.raises(error, match=text):
        call(bench.api.product)
    assert bench.sandbox.requests == ()


def test_every_method_of_the_service_is_called_in_this_module() -> None:
    called = set(re.findall(r'\.call\(\s*"(\w+)"', Path(__file__).read_text(encoding="utf-8")))
    methods = inspect.getmembers(ProductService, inspect.iscoroutinefunction)
    assert called == {name for name, _ in methods if not name.startswith("_")}
