"""Scenarios of the asset service; `tests.services.asset.test_asset_requests` has the details."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pywats.models import AssetAlarmState, AssetLogType, AssetState
from pywats.services import AssetService

if TYPE_CHECKING:
    from pywats.models import Asset
    from tests.services.bench import Bench, Scenario

SERVICE = AssetService

ASSET = "/api/Asset"
BLOB = "/api/internal/Blob"


async def make_asset(bench: Bench, serial_number: str, **fields: object) -> Asset:
    """Add an asset of a type that may be used ten times."""
    types = await bench.call("get_asset_types")
    kind = types[0] if types else await bench.call("create_asset_type", "Fixture", 10)
    asset: Asset = await bench.call("create_asset", serial_number, kind.type_id, **fields)
    return asset


async def types(bench: Bench) -> None:
    fixture = await bench.call("create_asset_type", "Fixture", 10, 1000, 30, 7.5, 80, 100)
    assert bench.sent == [f"PUT {ASSET}/Types"]
    assert bench.last == {
        "typeName": "Fixture",
        "runningCountLimit": 10,
        "totalCountLimit": 1000,
        "calibrationInterval": 30.0,
        "maintenanceInterval": 7.5,
        "warningThreshold": 80.0,
        "alarmThreshold": 100.0,
    }
    fixture.icon = "bed"
    assert (await bench.call("update_asset_type", fixture)).icon == "bed"
    assert bench.last["typeId"] == str(fixture.type_id)
    await bench.call("create_asset_type", "Cable")
    assert [each.type_name for each in await bench.call("get_asset_types")] == ["Cable", "Fixture"]
    assert bench.sent == [f"GET {ASSET}/Types"]
    found = await bench.call("get_asset_types", "calibrationInterval eq 30", "typeName", 5, 0)
    assert found == [fixture]
    assert bench.sent == [
        f"GET {ASSET}/Types?$filter=calibrationInterval%20eq%2030&$top=5&$skip=0&$orderby=typeName"
    ]
    names = [each.type_name for each in await bench.call("iter_asset_types", page_size=1)]
    assert names == ["Cable", "Fixture"]
    assert bench.sent == [
        f"GET {ASSET}/Types?$top=1&$skip={skip}&$orderby=typeName%2CtypeId" for skip in (0, 1, 2)
    ]


async def assets(bench: Bench) -> None:
    asset = await make_asset(bench, "A/B#1?x", asset_name="Bed of nails", location="Hall 1")
    assert bench.sent == [f"PUT {ASSET}"]
    assert bench.last == {
        "serialNumber": "A/B#1?x",
        "typeId": str(asset.type_id),
        "assetName": "Bed of nails",
        "location": "Hall 1",
        "state": 1,
    }
    assert await bench.call("get_asset", asset.asset_id) == asset
    assert bench.sent == [f"GET {ASSET}/{asset.asset_id}"]
    assert await bench.call("get_asset_by_serial", "A/B#1?x") == asset
    assert bench.sent == [f"GET {ASSET}/A%2FB%231%3Fx"]
    asset.location = "Hall 2"
    assert (await bench.call("update_asset", asset)).location == "Hall 2"
    assert bench.last["assetId"] == asset.asset_id
    for serial_number in ("B", "C"):
        await make_asset(bench, serial_number)
    assert len(await bench.call("get_assets")) == 3
    assert bench.sent == [f"GET {ASSET}"]
    found = await bench.call("get_assets", "serialNumber ne 'C'", "serialNumber desc", 5, 1)
    assert [each.location for each in found] == ["Hall 2"]
    assert bench.sent == [
        f"GET {ASSET}?$filter=serialNumber%20ne%20%27C%27&$top=5&$skip=1"
        "&$orderby=serialNumber%20desc"
    ]
    everything = await bench.call("iter_assets", "state eq 1", page_size=2)
    assert {each.serial_number for each in everything} == {"A/B#1?x", "B", "C"}
    assert bench.sent == [
        f"GET {ASSET}?$filter=state%20eq%201&$top=2&$skip={skip}&$orderby=assetId"
        for skip in (0, 2, 3)
    ]
    await bench.call("delete_asset", serial_number="C")
    assert bench.sent == [f"DELETE {ASSET}?serialNumber=C"]
    assert len(await bench.call("get_assets")) == 2


async def states(bench: Bench) -> None:
    asset = await make_asset(bench, "A")
    await make_asset(bench, "B")
    await bench.call("set_asset_state", AssetState.IN_STORAGE, serial_number="A")
    assert bench.sent == [f"PUT {ASSET}/State?state=5&serialNumber=A"]
    state = await bench.call("get_asset_state", asset.asset_id)
    assert bench.sent == [f"GET {ASSET}/{asset.asset_id}"]
    assert state is AssetState.IN_STORAGE
    stored = await bench.call("get_assets_by_alarm_state", 5, 3)
    assert bench.sent == [f"GET {ASSET}?$filter=state%20eq%205&$top=3"]
    assert [each.serial_number for each in stored] == ["A"]


async def hierarchy(bench: Bench) -> None:
    rack = await make_asset(bench, "Rack")
    fixture = await make_asset(bench, "Fixture", parent_serial_number="Rack")
    assert fixture.parent_asset_id == rack.asset_id
    probe = await make_asset(bench, "Probe", parent_asset_id=rack.asset_id)
    moved = await bench.call("add_child_asset", fixture.asset_id, probe.asset_id)
    assert bench.sent == [f"GET {ASSET}/{probe.asset_id}", f"PUT {ASSET}"]
    assert (bench.last["parentAssetId"], bench.last["parentSerialNumber"]) == (
        fixture.asset_id,
        None,
    )
    assert moved.parent_serial_number == "Fixture"
    parts = await bench.call("get_child_assets", rack.asset_id)
    assert bench.sent == [f"GET {ASSET}/SubAssets?id={rack.asset_id}"]
    assert [each.serial_number for each in parts] == ["Fixture", "Probe"]
    parts = await bench.call("get_child_assets", parent_serial="Rack", level=1)
    assert bench.sent == [f"GET {ASSET}/SubAssets?serialNumber=Rack&level=1"]
    assert [each.serial_number for each in parts] == ["Fixture"]


async def counts(bench: Bench) -> None:
    asset = await make_asset(bench, "A")
    await make_asset(bench, "Part", parent_serial_number="A")
    await bench.call("increment_count", asset.asset_id)
    assert bench.sent == [
        f"PUT {ASSET}/Count?id={asset.asset_id}&incrementBy=1&incrementChildren=false"
    ]
    await bench.call("increment_count", None, "A", 4, True, culture_code="zh-CN")
    assert bench.sent == [
        f"PUT {ASSET}/Count?serialNumber=A&incrementBy=4&incrementChildren=true&cultureCode=zh-CN"
    ]
    await bench.call("set_total_count", 8, serial_number="A")
    assert bench.sent == [f"PUT {ASSET}/Count?serialNumber=A&totalCount=8&incrementChildren=false"]
    await bench.call("reset_running_count", serial_number="A", comment="new pins")
    assert bench.sent == [f"POST {ASSET}/ResetRunningCount?serialNumber=A&comment=new%20pins"]
    await bench.call("increment_count", serial_number="A")
    found = await bench.call("get_assets", orderby="serialNumber")
    assert [(each.serial_number, each.running_count, each.total_count) for each in found] == [
        ("A", 1, 9),
        ("Part", 4, 4),
    ]


async def upkeep(bench: Bench) -> None:
    kind = await bench.call("create_asset_type", "Meter", calibration_interval=30)
    asset = await bench.call("create_asset", "M", kind.type_id)
    done = datetime(2026, 1, 1, 12, tzinfo=UTC)
    await bench.call("record_calibration", asset.asset_id, date_time=done, comment="lab")
    assert bench.sent == [
        f"POST {ASSET}/Calibration?id={asset.asset_id}&dateTime=2026-01-01T12%3A00%3A00Z"
        "&comment=lab"
    ]
    await bench.call("record_maintenance", serial_number="M")
    assert bench.sent == [f"POST {ASSET}/Maintenance?serialNumber=M"]
    asset = await bench.call("get_asset", asset.asset_id)
    assert asset.last_calibration_date == done
    assert asset.next_calibration_date == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert asset.last_maintenance_date is not None
    assert asset.next_maintenance_date is None


async def log(bench: Bench) -> None:
    asset = await make_asset(bench, "A")
    await make_asset(bench, "B")
    await bench.call("add_log_message", asset.asset_id, "pins are worn")
    assert bench.sent == [f"POST {ASSET}/Message?id={asset.asset_id}"]
    assert bench.last == {"content": "pins are worn"}
    await bench.call("add_log_message", None, "again", serial_number="A", culture_code="de")
    assert bench.sent == [f"POST {ASSET}/Message?serialNumber=A&cultureCode=de"]
    newest, *_ = await bench.call("get_asset_log")
    assert bench.sent == [f"GET {ASSET}/Log"]
    assert (newest.comment, newest.type, newest.user) == ("again", AssetLogType.MESSAGE, "station")
    found = await bench.call("get_asset_log", "serialNumber eq 'A'", "logId", 2, skip=1)
    assert bench.sent == [
        f"GET {ASSET}/Log?$filter=serialNumber%20eq%20%27A%27&$top=2&$skip=1&$orderby=logId"
    ]
    assert [each.comment for each in found] == ["pins are worn", "again"]
    registered = await bench.call("iter_asset_log", "type eq 1", page_size=1)
    assert [each.serial_number for each in registered] == ["A", "B"]
    assert bench.sent == [
        f"GET {ASSET}/Log?$filter=type%20eq%201&$top=1&$skip={skip}&$orderby=logId"
        for skip in (0, 1, 2)
    ]


async def status(bench: Bench) -> None:
    kind = await bench.call("create_asset_type", "Fixture", 10, warning_threshold=80)
    fresh = await bench.call("create_asset", "Fresh", kind.type_id)
    worn = await bench.call("create_asset", "Worn", kind.type_id)
    await bench.call("create_asset", "Broken", kind.type_id)
    await bench.call("increment_count", serial_number="Worn", amount=8)
    assert await bench.call("increment_count", serial_number="Broken", amount=12) == 3
    found = await bench.call("get_status", serial_number="Broken", translate=False)
    assert bench.sent == [f"GET {ASSET}/Status?serialNumber=Broken&translate=false"]
    assert (found.status, found.running_count_exceeded) == (AssetAlarmState.ALARM, 2)
    await bench.call("get_status", fresh.asset_id, culture_code="zh-CN")
    assert bench.sent == [f"GET {ASSET}/Status?id={fresh.asset_id}&cultureCode=zh-CN"]
    assert not await bench.call("is_in_alarm", worn)
    assert bench.sent == [f"GET {ASSET}/Status?id={worn.asset_id}"]
    assert await bench.call("is_in_warning", worn)
    assert not await bench.call("is_in_warning", fresh)
    (view,) = await bench.call("get_assets", "serialNumber eq 'Broken'")
    assert await bench.call("is_in_alarm", view)
    assert await bench.call("get_assets_in_alarm") == [view]
    (warned,) = await bench.call("get_assets_in_warning", top=1)
    assert warned.serial_number == "Worn"


async def files(bench: Bench) -> None:
    asset = await make_asset(bench, "A")
    of_it = f"assetId={asset.asset_id}"
    await bench.call("upload_file", asset.asset_id, "Plan ä.pdf", b"\x00plan")
    assert bench.sent == [f"POST {BLOB}/Asset?{of_it}&filename=Plan%20%C3%A4.pdf"]
    (request,) = bench.requests
    assert (request.body, request.header("content-type")) == (
        b"\x00plan",
        "application/octet-stream",
    )
    assert request.header("referer") == bench.sandbox.base_url
    await bench.call("upload_file", asset.asset_id, "b.txt", b"b")
    assert await bench.call("list_files", asset.asset_id) == ["Plan ä.pdf", "b.txt"]
    assert bench.sent == [f"GET {BLOB}/Asset/List/{asset.asset_id}"]
    assert await bench.call("download_file", asset.asset_id, "Plan ä.pdf") == b"\x00plan"
    assert bench.sent == [f"GET {BLOB}/Asset?{of_it}&filename=Plan%20%C3%A4.pdf"]
    await bench.call("delete_files", asset.asset_id, ["Plan ä.pdf", "gone"])
    assert bench.sent == [f"DELETE {BLOB}/Assets?{of_it}"]
    assert bench.last == ["Plan ä.pdf", "gone"]
    assert await bench.call("list_files", asset.asset_id) == ["b.txt"]


SCENARIOS: list[Scenario] = [
    types,
    assets,
    states,
    hierarchy,
    counts,
    upkeep,
    log,
    status,
    files,
]
