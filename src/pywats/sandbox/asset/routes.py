"""The asset endpoints of the sandbox."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from starlette.responses import Response

from pywats.models import AssetLog, AssetLogType, AssetType, AssetView
from pywats.sandbox.odata.options import field_names, select
from pywats.sandbox.requests import ROW, Row, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response, required_text, segment

if TYPE_CHECKING:
    from pydantic import BaseModel
    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.sandbox.asset.store import AssetStore

__all__ = ["asset_routes"]

_PUBLIC, _BLOB = "/api/Asset", "/api/internal/Blob"
_TOP = 1000
_NAMES = TypeAdapter(list[str])


def asset_routes(store: AssetStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    return [*_PublicApi(store).routes(), *_FileApi(store).routes()]


class _PublicApi:
    """The public asset API."""

    def __init__(self, store: AssetStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes, in the order in which they must be tried."""
        return [
            route("GET", _PUBLIC, self.query),
            route("PUT", _PUBLIC, self.put_asset),
            route("DELETE", _PUBLIC, self.delete_asset),
            route("POST", f"{_PUBLIC}/Calibration", self.post_calibration),
            route("PUT", f"{_PUBLIC}/Count", self.put_count),
            route("GET", f"{_PUBLIC}/Log", self.query_log),
            route("POST", f"{_PUBLIC}/Maintenance", self.post_maintenance),
            route("POST", f"{_PUBLIC}/Message", self.post_message),
            route("POST", f"{_PUBLIC}/ResetRunningCount", self.reset_running_count),
            route("PUT", f"{_PUBLIC}/State", self.put_state),
            route("GET", f"{_PUBLIC}/Status", self.get_status),
            route("GET", f"{_PUBLIC}/SubAssets", self.get_sub_assets),
            route("GET", f"{_PUBLIC}/Types", self.query_types),
            route("PUT", f"{_PUBLIC}/Types", self.put_type),
            route("GET", f"{_PUBLIC}/{{assetId}}", self.get_asset),
        ]

    async def query(self, request: Request) -> Response:
        return _selected(self._store.views(), request, "assetId", AssetView)

    async def query_log(self, request: Request) -> Response:
        return _selected(self._store.log.all(), request, "date desc,logId desc", AssetLog)

    async def query_types(self, request: Request) -> Response:
        return _selected(self._store.types.all(), request, "typeName", AssetType)

    async def get_asset(self, request: Request) -> Response:
        return json_response(self._store.asset_named(segment(request, "assetId")))

    async def put_asset(self, request: Request) -> Response:
        return json_response(self._store.save(await json_body(request, ROW), _user(request)))

    async def delete_asset(self, request: Request) -> Response:
        return json_response(self._store.delete(*_asset(request)))

    async def put_type(self, request: Request) -> Response:
        return json_response(self._store.types.save(await json_body(request, ROW)))

    async def get_sub_assets(self, request: Request) -> Response:
        return json_response(self._store.below(*_asset(request), _number(request, "level") or 0))

    async def get_status(self, request: Request) -> Response:
        return json_response(self._store.status(*_asset(request)))

    async def put_state(self, request: Request) -> Response:
        required_query(request, "state")
        state = _number(request, "state") or 0
        self._store.set_state(*_asset(request), state, _user(request))
        return Response()

    async def put_count(self, request: Request) -> Response:
        self._store.count(
            *_asset(request),
            total=_number(request, "totalCount"),
            by=_number(request, "incrementBy"),
            children=request.query_params.get("incrementChildren") == "true",
        )
        # The vendor's own client reads the status of the asset from this response.
        return json_response(self._store.status(*_asset(request))["status"])

    async def reset_running_count(self, request: Request) -> Response:
        comment = request.query_params.get("comment")
        self._store.reset_running_count(*_asset(request), comment, _user(request))
        return Response()

    async def post_calibration(self, request: Request) -> Response:
        return self._recorded(AssetLogType.CALIBRATION, request)

    async def post_maintenance(self, request: Request) -> Response:
        return self._recorded(AssetLogType.MAINTENANCE, request)

    async def post_message(self, request: Request) -> Response:
        message = await json_body(request, ROW)
        text = required_text(message, "content")
        self._store.add_message(*_asset(request), text, _user(request))
        return Response()

    def _recorded(self, event: AssetLogType, request: Request) -> Response:
        self._store.record(
            event,
            *_asset(request),
            time=_time(request),
            comment=request.query_params.get("comment"),
            user=_user(request),
        )
        return Response()


class _FileApi:
    """The files of assets in the internal API."""

    def __init__(self, store: AssetStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes, in the order in which they must be tried."""
        return [
            route("GET", f"{_BLOB}/Asset", self.get_file),
            route("POST", f"{_BLOB}/Asset", self.post_file),
            route("GET", f"{_BLOB}/Asset/List/{{assetId}}", self.list_files),
            route("DELETE", f"{_BLOB}/Assets", self.delete_files),
        ]

    async def get_file(self, request: Request) -> Response:
        content = self._store.files.content(
            self._known(required_query(request, "assetId")), required_query(request, "filename")
        )
        return Response(content, media_type="application/octet-stream")

    async def post_file(self, request: Request) -> Response:
        asset_id = self._known(required_query(request, "assetId"))
        name = required_query(request, "filename")
        self._store.files.add(asset_id, name, await request.body())
        return Response()

    async def list_files(self, request: Request) -> Response:
        return json_response(self._store.files.names(self._known(segment(request, "assetId"))))

    async def delete_files(self, request: Request) -> Response:
        asset_id = self._known(required_query(request, "assetId"))
        names = await json_body(request, _NAMES)
        self._store.files.delete(asset_id, names)
        return Response()

    def _known(self, asset_id: str) -> str:
        return str(self._store.asset(asset_id, None)["assetId"])


def _selected(rows: list[Row], request: Request, order: str, model: type[BaseModel]) -> Response:
    options = {"$orderby": order, "$top": str(_TOP)} | dict(request.query_params)
    return json_response(select(rows, options, unfiltered_top=_TOP, fields=field_names(model)))


def _asset(request: Request) -> tuple[str | None, str | None]:
    return request.query_params.get("id"), request.query_params.get("serialNumber")


def _user(request: Request) -> str:
    _, _, token = request.headers["authorization"].partition(" ")
    return base64.b64decode(token).decode().partition(":")[0]


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    try:
        return None if text is None else int(text)
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error


def _time(request: Request) -> datetime | None:
    text = request.query_params.get("dateTime")
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for dateTime.") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
