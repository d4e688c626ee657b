"""The assets of the sandbox: consistent with each other, with their log and with reports."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats.errors import BadRequestError
from pywats.models import AssetAlarmState, AssetLogType, UsedAsset

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.models import Asset, AssetType
    from pywats.sandbox import Sandbox

ASSET = "/api/Asset"


@pytest.fixture
def kind(api: pyWATS) -> AssetType:
    return api.asset.create_asset_type("Fixture")


def make(api: pyWATS, kind: AssetType, serial_number: str, parent: str | None = None) -> Asset:
    assert kind.type_id is not None
    return api.asset.create_asset(serial_number, kind.type_id, parent_serial_number=parent)


def parts(api: pyWATS, serial_number: str, level: int | None = None) -> list[str]:
    found = api.asset.get_child_assets(parent_serial=serial_number, level=level)
    return [each.serial_number for each in found]


def send(sandbox: Sandbox, method: str, target: str, body: object = None) -> tuple[int, Any]:
    """Send what the client would refuse."""
    response = httpx.request(
        method,
        sandbox.base_url + target,
        content=None if body is None else json.dumps(body),
        auth=(sandbox.username, sandbox.password),
    )
    assert sandbox.errors == []
    return response.status_code, response.json()


def test_a_report_counts_the_uses_of_its_assets_once(api: pyWATS, kind: AssetType) -> None:
    for serial_number in ("A", "B", "C"):
        make(api, kind, serial_number)
    report = api.report.create_uut_report("op", "PN", "1", "SN", 10, station_name="S")
    report.assets = [
        UsedAsset(sn="A", usage_count=3),
        UsedAsset(sn="B"),
        UsedAsset(sn="unknown", usage_count=1),
    ]
    report.conclude()
    api.report.submit(report)
    api.report.submit(report)
    found = api.asset.get_assets(orderby="serialNumber")
    assert [(each.total_count, each.running_count) for each in found] == [(3, 3), (1, 1), (0, 0)]
    assert [each.last_seen_date is None for each in found] == [False, False, True]


def test_the_log_tells_what_happened(api: pyWATS, kind: AssetType) -> None:
    asset = make(api, kind, "A")
    asset.location = "Hall 1"
    asset.client_id = 4
    api.asset.update_asset(asset)
    api.asset.set_asset_state(5, asset.asset_id)
    api.asset.reset_running_count(asset.asset_id, comment="pins")
    done = datetime(2026, 1, 2, tzinfo=UTC)
    api.asset.record_calibration(asset.asset_id, date_time=done, comment="lab")
    api.asset.record_maintenance(asset.asset_id, date_time=done)
    rows = [
        (each.type, each.property, each.value, each.comment)
        for each in api.asset.iter_asset_log("assetId eq '" + str(asset.asset_id) + "'")
    ]
    assert rows == [
        (AssetLogType.REGISTER, None, None, None),
        (AssetLogType.UPDATE, "ClientId", "4", None),
        (AssetLogType.UPDATE, "location", "Hall 1", None),
        (AssetLogType.STATE_CHANGE, "state", "5", None),
        (AssetLogType.RESET_COUNT, None, None, "pins"),
        (AssetLogType.CALIBRATION, None, "2026-01-02T00:00:00.000000Z", "lab"),
        (AssetLogType.MAINTENANCE, None, "2026-01-02T00:00:00.000000Z", None),
    ]
    newest = api.asset.get_asset_log(top=1)
    assert [each.type for each in newest] == [AssetLogType.MAINTENANCE]


def test_a_deleted_asset_takes_log_and_files_along_and_its_parts_move_up(
    api: pyWATS, kind: AssetType
) -> None:
    make(api, kind, "Rack")
    middle = make(api, kind, "Middle", "Rack")
    make(api, kind, "Probe", "Middle")
    assert parts(api, "Rack") == ["Middle", "Probe"]
    assert parts(api, "Rack", 1) == ["Middle"]
    assert middle.asset_id is not None
    api.asset.upload_file(middle.asset_id, "f", b"x")
    api.asset.delete_asset(middle.asset_id)
    assert parts(api, "Rack", 2) == ["Probe"]
    assert {each.serial_number for each in api.asset.get_asset_log()} == {"Rack", "Probe"}
    again = make(api, kind, "Middle")
    assert again.asset_id is not None
    assert api.asset.list_files(again.asset_id) == []


def test_a_save_leaves_counts_and_dates_and_moves_the_asset(api: pyWATS, kind: AssetType) -> None:
    make(api, kind, "Rack")
    asset = make(api, kind, "A", "Rack")
    asset.total_count = 99
    asset.last_calibration_date = datetime(2026, 1, 2, tzinfo=UTC)
    asset.serial_number = "B"
    saved = api.asset.update_asset(asset)
    assert (saved.total_count, saved.last_calibration_date) == (0, None)
    assert (saved.serial_number, saved.parent_serial_number) == ("B", "Rack")
    saved.parent_asset_id = saved.parent_serial_number = None
    assert api.asset.update_asset(saved).parent_asset_id is None
    assert parts(api, "Rack") == []


def test_a_save_without_a_parent_keeps_the_parent(api: pyWATS, kind: AssetType) -> None:
    make(api, kind, "Rack")
    make(api, kind, "A", "Rack")
    assert make(api, kind, "A").parent_serial_number == "Rack"


def test_an_asset_cannot_be_part_of_itself(api: pyWATS, kind: AssetType) -> None:
    rack = make(api, kind, "Rack")
    make(api, kind, "A", "Rack")
    part = make(api, kind, "B", "A")
    assert rack.asset_id is not None
    assert part.asset_id is not None
    with pytest.raises(BadRequestError, match="cannot be part of itself"):
        api.asset.add_child_asset(part.asset_id, rack.asset_id)
    assert parts(api, "Rack") == ["A", "B"]


@pytest.mark.parametrize(
    ("uses", "verdict"),
    [
        (79, AssetAlarmState.OK),
        (80, AssetAlarmState.WARNING),
        (89, AssetAlarmState.WARNING),
        (90, AssetAlarmState.ALARM),
    ],
)
@pytest.mark.parametrize("limit", ["running_count_limit", "total_count_limit"])
def test_counts_against_their_limits(
    api: pyWATS, limit: str, uses: int, verdict: AssetAlarmState
) -> None:
    kind = api.asset.create_asset_type(
        "Fixture",
        warning_threshold=80,
        alarm_threshold=90,
        **{limit: 100},  # type: ignore[arg-type]  # either of two integers
    )
    make(api, kind, "A")
    api.asset.increment_count(serial_number="A", amount=uses)
    status = api.asset.get_status(serial_number="A")
    assert status.status is verdict
    assert status.calibration_days_overdue is None
    exceeded = {
        "running_count_limit": status.running_count_exceeded,
        "total_count_limit": status.total_count_exceeded,
    }
    assert exceeded == {"running_count_limit": None, "total_count_limit": None} | {
        limit: uses - 100
    }


@pytest.mark.parametrize(
    ("days", "verdict"),
    [(5, AssetAlarmState.OK), (9.5, AssetAlarmState.WARNING), (11, AssetAlarmState.ALARM)],
)
def test_days_against_their_interval(api: pyWATS, days: float, verdict: AssetAlarmState) -> None:
    kind = api.asset.create_asset_type(
        "Meter", calibration_interval=10, maintenance_interval=1000, warning_threshold=90
    )
    make(api, kind, "M")
    assert api.asset.get_status(serial_number="M").status is AssetAlarmState.OK
    now = datetime.now(UTC)
    api.asset.record_calibration(serial_number="M", date_time=now - timedelta(days=days))
    api.asset.record_maintenance(serial_number="M", date_time=now)
    status = api.asset.get_status(serial_number="M")
    assert status.status is verdict
    assert status.calibration_days_overdue == pytest.approx(days - 10, abs=0.01)
    assert status.maintenance_days_overdue == pytest.approx(-1000, abs=0.01)
    expected = "OK" if verdict is AssetAlarmState.OK else f"Calibration: {days * 10:.0f} % of"
    assert (status.message or "").startswith(expected)


@pytest.mark.parametrize(
    ("method", "target", "body", "text"),
    [
        ("PUT", ASSET, {"typeId": "x"}, "The serialNumber field is required."),
        ("PUT", ASSET, {"serialNumber": "B"}, "The typeId field is required."),
        ("PUT", ASSET, {"serialNumber": "B", "typeId": "x"}, "'x' is not valid for typeId."),
        ("PUT", f"{ASSET}/Types", {}, "The typeName field is required."),
        ("PUT", f"{ASSET}/Types", {"typeName": "T", "icon": 1}, "valid string at icon."),
        ("PUT", f"{ASSET}/Count?serialNumber=A", None, "Either totalCount or incrementBy"),
        ("PUT", f"{ASSET}/Count?serialNumber=A&totalCount=1&incrementBy=1", None, "Either"),
        ("PUT", f"{ASSET}/Count?serialNumber=A&totalCount=x", None, "'x' is not valid"),
        ("PUT", f"{ASSET}/Count?serialNumber=A&incrementBy=-1", None, "cannot be made less"),
        ("PUT", f"{ASSET}/State?serialNumber=A", None, "The state parameter is required."),
        ("PUT", f"{ASSET}/State?serialNumber=A&state=7", None, "'7' is not valid for state."),
        ("GET", f"{ASSET}/Status", None, "The id or the serialNumber of an asset is required."),
        ("POST", f"{ASSET}/Message?serialNumber=A", {}, "The content field is required."),
        ("POST", f"{ASSET}/Calibration?serialNumber=A&dateTime=x", None, "'x' is not valid"),
        ("GET", "/api/internal/Blob/Asset?assetId=A", None, "does not exist"),
    ],
)
def test_bad_requests_are_refused(
    api: pyWATS,
    sandbox: Sandbox,
    kind: AssetType,
    method: str,
    target: str,
    body: object,
    text: str,
) -> None:
    make(api, kind, "A")
    status, response = send(sandbox, method, target, body)
    assert status == (404 if "does not exist" in text else 400)
    assert text in response["Message"]


def test_bad_states_and_tags_of_an_asset_are_refused(sandbox: Sandbox, kind: AssetType) -> None:
    row = {"serialNumber": "A", "typeId": str(kind.type_id)}
    for wrong, text in (
        ({"state": 7}, "The value '7' is not valid for state."),
        ({"tags": [{"key": "a b"}]}, "tags are invalid: tag name 'a b'"),
        ({"totalCount": "many"}, "at totalCount."),
    ):
        status, response = send(sandbox, "PUT", ASSET, row | wrong)
        assert status == 400
        assert text in response["Message"]


def test_a_time_without_a_zone_is_in_utc(api: pyWATS, sandbox: Sandbox, kind: AssetType) -> None:
    asset = make(api, kind, "A")
    httpx.post(
        f"{sandbox.base_url}{ASSET}/Calibration",
        params={"serialNumber": "A", "dateTime": "2026-01-02T03:04:05"},
        auth=(sandbox.username, sandbox.password),
    ).raise_for_status()
    read = api.asset.get_asset(asset.asset_id)
    assert read.last_calibration_date == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
