"""The report endpoints of the sandbox."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING

from starlette.responses import Response

from pywats.models import ReportHeader
from pywats.sandbox.documents import rows_of
from pywats.sandbox.odata.options import field_names, select
from pywats.sandbox.report.completeness import check_report
from pywats.sandbox.report.header import RESULTS, steps_of
from pywats.sandbox.report.wsxf import from_wsxf, to_wsxf
from pywats.sandbox.requests import ROW, Row, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response, segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue
    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.sandbox.report.store import ReportStore

__all__ = ["report_routes"]

_PATH = "/api/Report"
_UNFILTERED_TOP = 10
_FIELDS = field_names(ReportHeader)
# The fields that the API file allows.
_SORTED_BY = frozenset({"start", "uuid", "serialnumber", "timestamp"})
_EXPANDABLE = (
    "subUnits",
    "miscInfo",
    "assets",
    "attachments",
    "uurSubUnits",
    "uurMiscInfo",
    "uurAttachments",
)


def report_routes(store: ReportStore) -> list[Route]:
    """Return the routes."""
    api = _ReportApi(store)
    return [
        route("POST", f"{_PATH}/WSJF", api.post_wsjf),
        route("POST", f"{_PATH}/WSXF", api.post_wsxf),
        route("GET", f"{_PATH}/Query/Header", api.query),
        route("GET", f"{_PATH}/Query/HeaderByMiscInfo", api.query_by_misc_info),
        route("GET", f"{_PATH}/Wsjf/{{id}}", api.get_wsjf),
        route("GET", f"{_PATH}/Wsxf/{{id}}", api.get_wsxf),
        route("GET", f"{_PATH}/Attachment", api.get_attachment),
        route("GET", f"{_PATH}/Attachments/{{id}}", api.get_attachments),
        route("GET", f"{_PATH}/Certificate/{{id}}", api.get_certificate),
    ]


class _ReportApi:
    """The public report API."""

    def __init__(self, store: ReportStore) -> None:
        self._store = store

    async def post_wsjf(self, request: Request) -> Response:
        return json_response(self._store.submit(await json_body(request, ROW)))

    async def post_wsxf(self, request: Request) -> Response:
        documents = from_wsxf(await request.body())
        for document in documents:
            document.setdefault("start", self._store.now())
            check_report(document)
        results = [self._store.submit(document) for document in documents]
        return json_response(results[0] if len(results) == 1 else results)

    async def query(self, request: Request) -> Response:
        options = {"$orderby": "start desc", "$top": str(_UNFILTERED_TOP)} | dict(
            request.query_params
        )
        rows = select(
            self._store.headers(),
            options,
            unfiltered_top=_UNFILTERED_TOP,
            fields=_FIELDS,
            sorted_by=_SORTED_BY,
        )
        wanted = {name.strip().lower() for name in options.get("$expand", "").split(",")}
        left_out = {name for name in _EXPANDABLE if name.lower() not in wanted}
        return json_response([{k: v for k, v in row.items() if k not in left_out} for row in rows])

    async def query_by_misc_info(self, request: Request) -> Response:
        wanted = request.query_params
        names = {"serialNumber": "sn", "processCode": "processCode"}
        hits: list[Row] = []
        for document in self._store.documents():
            asked = [name for name in names if name in wanted]
            if any(str(document.get(names[name])) != wanted[name] for name in asked):
                continue
            found = [
                info
                for info in rows_of(document, "miscInfos")
                if wanted.get("description", info.get("description")) == info.get("description")
                and wanted.get("data", info.get("text")) == info.get("text")
            ]
            if document["type"] == "T" and found:
                hits.append(_hit(document, found))
        return json_response(hits)

    async def get_wsjf(self, request: Request) -> Response:
        return json_response(_reduced(self._store.document(segment(request, "id")), request))

    async def get_wsxf(self, request: Request) -> Response:
        document = _reduced(self._store.document(segment(request, "id")), request)
        return Response(to_wsxf(document), media_type="application/xml")

    async def get_attachment(self, request: Request) -> Response:
        document = self._store.document(required_query(request, "reportId"))
        wanted = request.query_params.get("attachmentId") or request.query_params.get("stepId")
        for key, file in _files(document):
            if wanted is not None and wanted == key:
                return Response(_content(file), media_type=str(file.get("contentType")))
        raise ApiError(404, f"Attachment {wanted} does not exist.")

    async def get_attachments(self, request: Request) -> Response:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for _, file in _files(self._store.document(segment(request, "id"))):
                # ZipInfo has a fixed time, so that two servers in the same state send equal bytes.
                archive.writestr(zipfile.ZipInfo(str(file["name"])), _content(file))
        return Response(packed.getvalue(), media_type="application/zip")

    async def get_certificate(self, request: Request) -> Response:
        document = self._store.document(segment(request, "id"))
        result = RESULTS.get(str(document["result"]), "Unknown")
        text = f"{document['pn']} {document['sn']} {document['rev']}: {result}"
        return Response(text, media_type="text/html; charset=utf-8")


def _hit(document: Row, found: list[Row]) -> Row:
    return {
        "miscData": [
            {"description": info.get("description"), "data": info.get("text")} for info in found
        ],
        "serialNumber": document["sn"],
        "partNumber": document["pn"],
        "start": document["start"],
        "result": RESULTS.get(str(document["result"]), "Unknown"),
        "uuid": document["id"],
        "processCode": document["processCode"],
        "processName": document.get("processName"),
    }


def _reduced(document: Row, request: Request) -> Row:
    dropped: set[str] = set()
    if request.query_params.get("detailLevel") == "0":
        dropped |= {"root", "subUnits", "miscInfos", "assets", "binaryData"}
    reduced = {key: value for key, value in document.items() if key not in dropped}
    inner: set[str] = set()
    if request.query_params.get("includeAttachments") == "false":
        inner |= {"attachment", "binaryData"}
    if request.query_params.get("includeChartdata") == "false":
        inner.add("chart")
    return {key: _without(value, inner) for key, value in reduced.items() if key not in inner}


def _without(node: JsonValue, names: set[str]) -> JsonValue:
    if isinstance(node, list):
        return [_without(each, names) for each in node]
    if isinstance(node, dict):
        return {key: _without(each, names) for key, each in node.items() if key not in names}
    return node


def _files(document: Row) -> Iterator[tuple[str, Row]]:
    for _, step in steps_of(document):
        file = step.get("attachment")
        if isinstance(file, dict):
            yield str(step.get("id")), file
    for file in rows_of(document, "binaryData"):
        yield str(file.get("id")), file


def _content(file: Row) -> bytes:
    return base64.b64decode(str(file.get("data") or ""))
