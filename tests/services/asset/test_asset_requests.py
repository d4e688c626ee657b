"""The asset service in detail: what reaches the wire, what responses become, what is retried."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from pydantic.alias_generators import to_camel

from pywats import RetryConfig, SyncConfig
from pywats.errors import (
    ConflictError,
    NotFoundError,
    StopReason,
    WATSConnectionError,
    WATSDecodeError,
)
from pywats.models import Asset, AssetAlarmState, AssetState, Tag
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

ASSET = "/api/Asset"
TYPE_ID = "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
FAST = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=2, max_backoff=0.01))


@pytest.fixture
def asset(api: pyWATS, sandbox: Sandbox) -> Asset:
    kind = api.asset.create_asset_type("Fixture", type_id=TYPE_ID)
    assert kind.type_id is not None
    made = api.asset.create_asset("A", kind.type_id)
    sandbox.clear()
    return made


def sent(sandbox: Sandbox) -> list[str]:
    return [f"{request.method} {request.target}" for request in sandbox.requests]


def test_all_arguments_of_a_new_asset_reach_the_wire(
    api: pyWATS, sandbox: Sandbox, asset: Asset
) -> None:
    first = datetime(2026, 1, 2, 13, tzinfo=timezone(timedelta(hours=1)))
    made = api.asset.create_asset(
        "B",
        UUID(TYPE_ID),
        "Bed",
        "Of nails",
        "Hall 1",
        asset.asset_id,
        part_number="PN",
        revision="2",
        state=AssetState.IN_TRANSIT,
        client_id=3,
        first_seen_date=first,
        last_seen_date=NOON,
    )
    assert json.loads(sandbox.requests[-1].body) == {
        "serialNumber": "B",
        "typeId": TYPE_ID.lower(),
        "state": 2,
        "assetName": "Bed",
        "description": "Of nails",
        "location": "Hall 1",
        "parentAssetId": asset.asset_id,
        "partNumber": "PN",
        "revision": "2",
        "ClientId": 3,
        "firstSeenDate": "2026-01-02T13:00:00+01:00",
        "lastSeenDate": "2026-01-02T12:00:00Z",
    }
    assert (made.parent_serial_number, made.client_id, made.state) == (
        "A",
        3,
        AssetState.IN_TRANSIT,
    )
    assert made.first_seen_date == NOON == made.last_seen_date


def test_a_new_type_may_have_an_id_and_an_icon(api: pyWATS, sandbox: Sandbox) -> None:
    made = api.asset.create_asset_type("Cable", icon="plug", type_id=TYPE_ID)
    assert json.loads(sandbox.requests[-1].body) == {
        "typeName": "Cable",
        "icon": "plug",
        "typeId": TYPE_ID,
    }
    assert (made.type_id, made.icon, made.is_readonly) == (UUID(TYPE_ID), "plug", False)


def test_times_are_sent_in_utc(api: pyWATS, sandbox: Sandbox, asset: Asset) -> None:
    del asset
    local = datetime(2026, 1, 2, 13, 0, 0, 500_000, tzinfo=timezone(timedelta(hours=1)))
    api.asset.record_maintenance(serial_number="A", date_time=local, comment="a+b & c")
    assert sent(sandbox) == [
        f"POST {ASSET}/Maintenance?serialNumber=A&dateTime=2026-01-02T12%3A00%3A00.500000Z"
        "&comment=a%2Bb%20%26%20c"
    ]
    assert api.asset.get_asset_by_serial("A").last_maintenance_date == local


@pytest.mark.parametrize("number", ["A/B#1?x", "a b", "æøå", "100%", "..a", "%2F", "+", "O'Brien"])
def test_serial_numbers_with_special_characters_survive(
    api: pyWATS, asset: Asset, number: str
) -> None:
    del asset
    made = api.asset.create_asset(number, TYPE_ID)
    assert api.asset.get_asset_by_serial(number) == made
    api.asset.set_asset_state(6, serial_number=number)
    assert api.asset.get_asset_state(serial_number=number) is AssetState.SCRAPPED
    assert made.asset_id is not None
    api.asset.upload_file(made.asset_id, number, b"x")
    assert api.asset.list_files(made.asset_id) == [number]
    assert api.asset.download_file(made.asset_id, number) == b"x"
    api.asset.delete_asset(serial_number=number)
    with pytest.raises(NotFoundError):
        api.asset.get_asset_by_serial(number)


def test_tags_are_saved_with_the_asset(api: pyWATS, asset: Asset) -> None:
    asset.tags = [Tag(key="Site", value="Ålesund"), Tag(key="Empty")]
    saved = api.asset.update_asset(asset)
    assert [(tag.key, tag.value) for tag in saved.tags or []] == [
        ("Site", "Ålesund"),
        ("Empty", ""),
    ]
    (view,) = api.asset.get_assets()
    assert view.xml_data == '<Root><Site Value="Ålesund" /><Empty Value="" /></Root>'


def test_files_that_are_there_or_not(api: pyWATS, asset: Asset) -> None:
    assert asset.asset_id is not None
    api.asset.upload_file(asset.asset_id, "f", b"first")
    with pytest.raises(ConflictError, match="has a file 'f' already"):
        api.asset.upload_file(asset.asset_id, "f", b"second")
    assert api.asset.download_file(asset.asset_id, "f") == b"first"
    with pytest.raises(NotFoundError, match="has no file 'g'"):
        api.asset.download_file(asset.asset_id, "g")


RECEIVED = {
    "assetId": "17",
    "serialNumber": "A",
    "parentAssetId": None,
    "typeId": TYPE_ID,
    "ClientId": 4,
    "state": 9,
    "firstSeenDate": "2020-01-02T03:04:05.1234567",
    "lastSeenDate": None,
    "tags": [{"key": "k", "value": None, "change": 5, "more": True}],
    "assetType": {"typeName": "T", "warningThreshold": 80, "future": None},
    "assetLog": [{"logId": 1, "type": 8, "date": "2020-01-02T03:04:05"}],
    "assetChildren": [{"serialNumber": "B", "typeId": TYPE_ID, "clientId": 1}],
    "futureObject": {"Nested": [1, None]},
}


def test_a_read_modify_write_keeps_unknown_fields_nulls_and_the_form_of_values(
    api: pyWATS, sandbox: Sandbox
) -> None:
    body = json.dumps(RECEIVED).encode()
    sandbox.inject("GET", f"{ASSET}/17", Fault.status(200, body=body))
    sandbox.inject("PUT", ASSET, Fault.status(200, body=b""))
    asset = api.asset.get_asset("17")
    assert (asset.state, asset.client_id) == (9, 4)
    asset.location = "Hall 1"
    assert api.asset.update_asset(asset) is asset
    assert json.loads(sandbox.requests[-1].body) == RECEIVED | {"location": "Hall 1"}


def test_a_type_is_sent_back_as_it_came(api: pyWATS, sandbox: Sandbox) -> None:
    row = {"typeId": TYPE_ID, "typeName": "T", "runningCountLimit": None, "future": 1.50}
    sandbox.inject("GET", f"{ASSET}/Types", Fault.status(200, body=json.dumps([row]).encode()))
    sandbox.inject("PUT", f"{ASSET}/Types", Fault.status(200, body=b"true"))
    (kind,) = api.asset.get_asset_types()
    assert api.asset.update_asset_type(kind) is kind
    assert json.loads(sandbox.requests[-1].body) == row


@pytest.mark.parametrize(
    "field",
    ["maintenance_interval", "calibration_interval", "warning_threshold", "alarm_threshold"],
)
def test_a_limit_that_is_not_finite_is_read_but_not_set(
    api: pyWATS, sandbox: Sandbox, field: str
) -> None:
    body = json.dumps([{"typeName": "T", "typeId": TYPE_ID, to_camel(field): "NaN"}]).encode()
    sandbox.inject("GET", f"{ASSET}/Types", Fault.status(200, body=body))
    (kind,) = api.asset.get_asset_types()
    for value in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match=f"{field}=.*: must be a finite number, or None"):
            setattr(kind, field, value)
    sandbox.inject("PUT", f"{ASSET}/Types", Fault.status(200, body=b"true"))
    api.asset.update_asset_type(kind)
    assert json.loads(sandbox.requests[-1].body)[to_camel(field)] == "NaN"
    setattr(kind, field, None)
    setattr(kind, field, 30)
    assert getattr(kind, field) == 30.0


@pytest.mark.parametrize("body", [b"", b"null", b"[]"])
def test_lists_may_be_empty(api: pyWATS, sandbox: Sandbox, body: bytes) -> None:
    sandbox.inject("GET", "*", Fault.status(200, body=body))
    assert api.asset.get_assets() == []
    assert list(api.asset.iter_assets()) == []
    assert api.asset.get_asset_log() == []
    assert api.asset.get_asset_types() == []
    assert api.asset.get_child_assets("1") == []
    assert api.asset.list_files("1") == []
    assert api.asset.get_assets_in_alarm() == []


@pytest.mark.parametrize(
    ("body", "response"),
    [(b"", None), (b"true", True), (b'{"message": "done"}', {"message": "done"})],
)
def test_undeclared_responses_are_returned_as_they_came(
    api: pyWATS, sandbox: Sandbox, body: bytes, response: object
) -> None:
    sandbox.inject("*", "*", Fault.status(200, body=body))
    assert [
        api.asset.delete_asset("1"),
        api.asset.set_asset_state(1, "1"),
        api.asset.increment_count("1"),
        api.asset.set_total_count(1, "1"),
        api.asset.reset_running_count("1"),
        api.asset.record_calibration("1"),
        api.asset.record_maintenance("1"),
        api.asset.add_log_message("1", "m"),
        api.asset.upload_file("1", "f", b"x"),
        api.asset.delete_files("1", ["f"]),
    ] == [response] * 10


STATUS = f"{ASSET}/Status"


def test_a_status_keeps_what_this_package_does_not_know(api: pyWATS, sandbox: Sandbox) -> None:
    body = b'{"status": 9, "calibrationDaysOverdue": -1.5, "more": [1]}'
    sandbox.inject("GET", STATUS, Fault.status(200, body=body))
    status = api.asset.get_status("1")
    assert (status.status, status.calibration_days_overdue) == (9, -1.5)
    assert status.model_extra == {"more": [1]}


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"status": null}', b'{"status": 1}', b'{"status": 4}', b'{"status": "Alarm"}', b""],
)
def test_no_verdict_is_never_taken_for_all_is_well(
    api: pyWATS, sandbox: Sandbox, body: bytes
) -> None:
    sandbox.inject("GET", STATUS, Fault.status(200, body=body))
    asset = Asset(serial_number="A")
    for ask in (api.asset.is_in_alarm, api.asset.is_in_warning):
        with pytest.raises(WATSDecodeError, match=f"GET {STATUS} returned 200"):
            ask(asset)
    assert sent(sandbox) == [f"GET {STATUS}?serialNumber=A"] * 2


def test_assets_in_alarm_are_found_among_those_that_a_filter_leaves(
    api: pyWATS, sandbox: Sandbox
) -> None:
    kind = api.asset.create_asset_type("Fixture", running_count_limit=1)
    assert kind.type_id is not None
    for number in ("A", "B", "C"):
        api.asset.create_asset(number, kind.type_id, location="Hall 1")
        api.asset.increment_count(serial_number=number)
    api.asset.create_asset("D", kind.type_id, location="Hall 2")
    found = api.asset.get_assets_in_alarm(2, filter="location eq 'Hall 1'")
    assert found == api.asset.get_assets("location eq 'Hall 1'", top=2)
    sandbox.clear()
    assert api.asset.get_assets_in_alarm(filter="location eq 'Hall 2'") == []
    d = api.asset.get_asset_by_serial("D")
    assert sent(sandbox)[1] == f"GET {STATUS}?id={d.asset_id}"
    assert api.asset.get_status(serial_number="D").status is AssetAlarmState.OK
    assert api.asset.get_assets_in_warning() == []


def test_uses_are_not_counted_twice_by_a_retry(
    sandbox: Sandbox, asset: Asset, connect: Callable[..., pyWATS]
) -> None:
    del asset
    api = connect(sync_config=FAST)
    sandbox.inject("PUT", f"{ASSET}/Count", Fault.close(executed=True), times=1)
    with pytest.raises(WATSConnectionError) as caught:
        api.asset.increment_count(serial_number="A", amount=5)
    assert caught.value.stop_reason is StopReason.UNSAFE_TO_REPEAT
    assert caught.value.may_have_been_executed
    assert api.asset.get_asset_by_serial("A").total_count == 5
    sandbox.inject("PUT", f"{ASSET}/Count", Fault.close(executed=True), times=1)
    api.asset.set_total_count(9, serial_number="A")
    assert api.asset.get_asset_by_serial("A").total_count == 9
    assert api.asset.get_asset_by_serial("A").running_count == 9


def test_a_type_without_an_id_is_not_added_twice_by_a_retry(
    sandbox: Sandbox, connect: Callable[..., pyWATS]
) -> None:
    api = connect(sync_config=FAST)
    sandbox.inject("PUT", f"{ASSET}/Types", Fault.close(executed=True), times=1)
    with pytest.raises(WATSConnectionError):
        api.asset.create_asset_type("Fixture")
    sandbox.inject("PUT", f"{ASSET}/Types", Fault.close(executed=True), times=1)
    api.asset.create_asset_type("Cable", type_id=TYPE_ID)
    assert [each.type_name for each in api.asset.get_asset_types()] == ["Cable", "Fixture"]
    assert len(sandbox.requests) == 4
