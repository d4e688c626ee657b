"""The product endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from starlette.responses import Response

from pywats.models import Bom, BomComponent, ProductView
from pywats.sandbox.odata.options import field_names, select
from pywats.sandbox.product.store import ProductStore
from pywats.sandbox.requests import ROW, ROWS, Row, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response, segment

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

__all__ = ["ProductStore", "product_routes"]

_COMPONENTS = TypeAdapter(list[BomComponent])
_VIEW = ("partNumber", "name", "nonSerial", "state")
_UNFILTERED_TOP = 1000
_FIELDS = field_names(ProductView)
_PUBLIC, _INTERNAL = "/api/Product", "/api/internal/Product"
_SELECTION = "/api/internal/ProductSelection"


def product_routes(store: ProductStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    return [
        *_PublicApi(store).routes(),
        *_InternalApi(store).routes(),
        *_GroupApi(store).routes(),
    ]


class _PublicApi:
    """The public product API."""

    def __init__(self, store: ProductStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes, in the order in which they must be tried."""
        return [
            route("PUT", _PUBLIC, self.put_product),
            route("GET", f"{_PUBLIC}/Query", self.query),
            route("GET", f"{_PUBLIC}/Vendors", self.get_vendors),
            route("PUT", f"{_PUBLIC}/Vendors", self.put_vendors),
            route("DELETE", f"{_PUBLIC}/Vendors", self.delete_vendors),
            route("PUT", f"{_PUBLIC}/Revision", self.put_revision),
            route("PUT", f"{_PUBLIC}/BOM", self.put_bom),
            route("POST", f"{_PUBLIC}/ProductGroupFilter", self.add_rule),
            route("GET", f"{_PUBLIC}/ProductGroupsByProduct", self.groups_of),
            route("PUT", "/api/Products", self.put_products),
            route("PUT", "/api/Products/Revisions", self.put_revisions),
            route("GET", f"{_PUBLIC}/{{partNumber}}", self.get_product),
            route("GET", f"{_PUBLIC}/{{partNumber}}/{{revision}}", self.get_revision),
        ]

    async def query(self, request: Request) -> Response:
        views = [
            {name: product[name] for name in _VIEW} | {"category": product["productCategoryName"]}
            for product in self._store.products()
        ]
        options = dict(request.query_params)
        return json_response(select(views, options, unfiltered_top=_UNFILTERED_TOP, fields=_FIELDS))

    async def get_product(self, request: Request) -> Response:
        return json_response(self._store.product(segment(request, "partNumber")))

    async def get_revision(self, request: Request) -> Response:
        part_number, revision = segment(request, "partNumber"), segment(request, "revision")
        return json_response(self._store.revision(part_number, revision))

    async def put_product(self, request: Request) -> Response:
        return json_response(self._store.save_product(await json_body(request, ROW)))

    async def put_revision(self, request: Request) -> Response:
        return json_response(self._store.save_revision(await json_body(request, ROW)))

    async def put_products(self, request: Request) -> Response:
        for row in await json_body(request, ROWS):
            self._store.save_product(row)
        return Response()

    async def put_revisions(self, request: Request) -> Response:
        for row in await json_body(request, ROWS):
            self._store.save_revision(row)
        return Response()

    async def put_bom(self, request: Request) -> Response:
        self._store.save_bom(await request.body())
        return Response()

    async def get_vendors(self, _: Request) -> Response:
        return json_response(self._store.master_data.vendors())

    async def put_vendors(self, request: Request) -> Response:
        self._store.master_data.save_vendors(await json_body(request, ROWS))
        return Response()

    async def delete_vendors(self, request: Request) -> Response:
        self._store.master_data.delete_vendors(await json_body(request, ROWS))
        return Response()

    async def add_rule(self, request: Request) -> Response:
        self._store.groups.add_rule(
            required_query(request, "productGroup"),
            required_query(request, "partNumber"),
            request.query_params.get("revision"),
            exclude=request.query_params.get("exclude") == "true",
        )
        return Response()

    async def groups_of(self, request: Request) -> Response:
        revision = request.query_params.get("revision")
        return json_response(
            self._store.groups.of_product(required_query(request, "partNumber"), revision)
        )


class _InternalApi:
    """The internal product API."""

    def __init__(self, store: ProductStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes, in the order in which they must be tried."""
        return [
            route("GET", f"{_INTERNAL}/Query", self.query),
            route("GET", f"{_INTERNAL}/Bom", self.get_bom),
            route("PUT", f"{_INTERNAL}/BOM", self.put_bom),
            route("GET", f"{_INTERNAL}/GetProductInfo", self.get_info),
            route("POST", f"{_INTERNAL}/PostProductRevisionRelation", self.post_relation),
            route("PUT", f"{_INTERNAL}/PutProductRevisionRelation", self.put_relation),
            route("DELETE", f"{_INTERNAL}/DeleteProductRevisionRelation", self.delete_relation),
            route("DELETE", f"{_INTERNAL}/DeleteProduct", self.delete_product),
            route("DELETE", f"{_INTERNAL}/DeleteProductRevision", self.delete_revision),
            route("GET", f"{_INTERNAL}/GetProductCategories", self.get_categories),
            route("PUT", f"{_INTERNAL}/PutProductCategories", self.put_categories),
        ]

    async def query(self, _: Request) -> Response:
        return json_response([_internal_product(product) for product in self._store.products()])

    async def get_bom(self, request: Request) -> Response:
        bom = self._store.bom(
            required_query(request, "partNumber"), required_query(request, "revision")
        )
        return json_response(_COMPONENTS.dump_python(bom.components, mode="json", by_alias=True))

    async def put_bom(self, request: Request) -> Response:
        if required_query(request, "format") != "json":
            raise ApiError(400, "The format is not supported.")
        bom = Bom(
            part_number=required_query(request, "partNumber"),
            revision=required_query(request, "revision"),
            components=await json_body(request, _COMPONENTS),
        )
        self._store.put_bom(bom)
        return Response()

    async def get_info(self, request: Request) -> Response:
        return json_response(
            self._store.hierarchy(
                required_query(request, "partNumber"), required_query(request, "revision")
            )
        )

    async def post_relation(self, request: Request) -> Response:
        return json_response(self._store.save_relation(await json_body(request, ROW), new=True))

    async def put_relation(self, request: Request) -> Response:
        return json_response(self._store.save_relation(await json_body(request, ROW), new=False))

    async def delete_relation(self, request: Request) -> Response:
        self._store.delete_relation(required_query(request, "productRevisionRelationId"))
        return Response()

    async def delete_product(self, request: Request) -> Response:
        self._store.delete_product(required_query(request, "partNumber"))
        return Response()

    async def delete_revision(self, request: Request) -> Response:
        self._store.delete_revision(required_query(request, "productRevisionId"))
        return Response()

    async def get_categories(self, _: Request) -> Response:
        return json_response(self._store.master_data.categories())

    async def put_categories(self, request: Request) -> Response:
        self._store.master_data.save_categories(await json_body(request, ROWS))
        return Response()


class _GroupApi:
    """The product groups of the internal API."""

    def __init__(self, store: ProductStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes, in the order in which they must be tried."""
        return [
            route("GET", f"{_SELECTION}/GetProductGroups", self.get_groups),
            route("POST", f"{_SELECTION}/PostProductSelection", self.post_group),
            route("PUT", f"{_SELECTION}/PutProductSelection", self.put_group),
            route("DELETE", f"{_SELECTION}/DeleteProductSelections", self.delete_groups),
        ]

    async def get_groups(self, request: Request) -> Response:
        with_rules = request.query_params.get("includeFilters") == "true"
        return json_response(self._store.groups.all(with_rules=with_rules))

    async def post_group(self, request: Request) -> Response:
        return json_response(self._store.groups.save(await json_body(request, ROW), new=True))

    async def put_group(self, request: Request) -> Response:
        return json_response(self._store.groups.save(await json_body(request, ROW), new=False))

    async def delete_groups(self, request: Request) -> Response:
        self._store.groups.delete(
            [int(number) for number in required_query(request, "ids").split(",")]
        )
        return Response()


def _internal_product(product: Row) -> Row:
    names = ("productId", "partNumber", "name", "description", "nonSerial", "state")
    row: Row = {name[0].upper() + name[1:]: product[name] for name in names}
    return row | {
        "ProductCategoryId": product["productCategoryId"],
        "Category": product["productCategoryName"],
        "Settings": product["tags"],
    }
