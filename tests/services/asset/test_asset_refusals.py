"""What the asset service refuses before it sends anything, and what the server refuses."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from pywats.errors import BadRequestError, ConflictError, NotFoundError
from pywats.models import Asset, AssetType, AssetView

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

TYPE_ID = "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A"


@pytest.fixture
def asset(api: pyWATS) -> Asset:
    api.asset.create_asset_type("Fixture", type_id=TYPE_ID)
    return api.asset.create_asset("A", TYPE_ID)


BOTH_OR_NONE: list[Callable[[Any, dict[str, str]], object]] = [
    lambda a, which: a.get_asset(**which),
    lambda a, which: a.delete_asset(**which),
    lambda a, which: a.get_asset_state(**which),
    lambda a, which: a.set_asset_state(1, **which),
    lambda a, which: a.get_status(**which),
    lambda a, which: a.increment_count(**which),
    lambda a, which: a.set_total_count(1, **which),
    lambda a, which: a.reset_running_count(**which),
    lambda a, which: a.record_calibration(**which),
    lambda a, which: a.record_maintenance(**which),
    lambda a, which: a.add_log_message(message="m", **{"asset_id": None} | which),
]


@pytest.mark.parametrize("call", BOTH_OR_NONE)
@pytest.mark.parametrize(
    ("which", "found"),
    [({}, "none"), ({"asset_id": "1", "serial_number": "A"}, "both")],
    ids=["none", "both"],
)
def test_an_asset_is_named_in_exactly_one_way(
    api: pyWATS,
    sandbox: Sandbox,
    call: Callable[[object, dict[str, str]], object],
    which: dict[str, str],
    found: str,
) -> None:
    text = f"give exactly one of asset_id and serial_number, not {found}"
    with pytest.raises(ValueError, match=text):
        call(api.asset, which)
    assert sandbox.requests == ()


@pytest.mark.parametrize("call", BOTH_OR_NONE)
def test_an_asset_that_is_not_there_is_not_found(
    api: pyWATS, asset: Asset, call: Callable[[object, dict[str, str]], object]
) -> None:
    del asset
    for which in ({"asset_id": "gone"}, {"serial_number": "gone"}):
        with pytest.raises(NotFoundError, match="Asset 'gone' does not exist"):
            call(api.asset, which)


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.get_child_assets("gone"),
        lambda a: a.add_child_asset("A", "gone"),
        lambda a: a.list_files("gone"),
        lambda a: a.upload_file("gone", "f", b"x"),
        lambda a: a.download_file("gone", "f"),
        lambda a: a.delete_files("gone", ["f"]),
        lambda a: a.is_in_alarm(Asset(serial_number="gone")),
        lambda a: a.is_in_warning(AssetView(serial_number="A", asset_id="gone")),
    ],
)
def test_what_hangs_on_an_asset_is_not_found_without_it(
    api: pyWATS, asset: Asset, call: Callable[[object], object]
) -> None:
    del asset
    with pytest.raises(NotFoundError, match="Asset 'gone' does not exist"):
        call(api.asset)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda a: a.get_asset(""), ValueError, "asset_id='': must be a non-empty string"),
        (lambda a: a.get_asset(7), TypeError, "asset_id=7: must be a non-empty string, not int"),
        (lambda a: a.get_asset(".."), ValueError, "assetId='..' cannot be a path segment"),
        (lambda a: a.get_asset_by_serial(None), TypeError, "serial_number=None: must be"),
        (lambda a: a.get_assets(""), ValueError, "filter='': must be"),
        (lambda a: a.get_assets(top=0), ValueError, "top=0: must be an integer >= 1"),
        (lambda a: a.get_assets(skip=-1), ValueError, "skip=-1: must be an integer >= 0"),
        (lambda a: a.iter_assets(" "), ValueError, "filter=' ': must be"),
        (lambda a: a.iter_assets(page_size=0), ValueError, "page_size=0: must be"),
        (lambda a: a.create_asset("", TYPE_ID), ValueError, "serial_number='': must be"),
        (lambda a: a.create_asset("A", "x"), ValueError, "type_id='x': must be a UUID"),
        (lambda a: a.create_asset("A", TYPE_ID, location=""), ValueError, "location='': must"),
        (lambda a: a.create_asset("A", TYPE_ID, client_id=-1), ValueError, "client_id=-1: must"),
        (
            lambda a: a.create_asset("A", TYPE_ID, parent_asset_id="1", parent_serial_number="B"),
            ValueError,
            "give one of parent_asset_id and parent_serial_number, not both",
        ),
        (
            lambda a: a.create_asset("A", TYPE_ID, first_seen_date=datetime(2026, 1, 2)),  # noqa: DTZ001 - the mistake under test
            ValueError,
            "first_seen_date=.*: must have a time zone",
        ),
        (lambda a: a.update_asset("A"), TypeError, "asset='A': must be a Asset, not str"),
        (
            lambda a: a.update_asset(Asset(serial_number=" ", type_id=UUID(TYPE_ID))),
            ValueError,
            "asset.serial_number=' ': must be",
        ),
        (
            lambda a: a.update_asset(Asset(serial_number="A")),
            ValueError,
            "asset.type_id=None: must be the id of an asset type",
        ),
        (
            lambda a: a.set_asset_state(7, "1"),
            ValueError,
            r"state=7: must be one of UNKNOWN \(0\), IN_OPERATION \(1\)",
        ),
        (lambda a: a.set_asset_state("ok", "1"), TypeError, "state='ok': must be an integer"),
        (lambda a: a.get_assets_by_alarm_state(-1), ValueError, "state=-1: must be one of"),
        (
            lambda a: a.get_child_assets(),
            ValueError,
            "give exactly one of parent_id and parent_serial, not none",
        ),
        (lambda a: a.get_child_assets("1", level=-1), ValueError, "level=-1: must be"),
        (lambda a: a.add_child_asset("1", ""), ValueError, "child_id='': must be"),
        (
            lambda a: a.add_child_asset("1", "1"),
            ValueError,
            "child_id='1': must be another asset than parent_id",
        ),
        (lambda a: a.increment_count("1", amount=0), ValueError, "amount=0: must be"),
        (
            lambda a: a.increment_count("1", increment_children=1),
            TypeError,
            "increment_children=1: must be True or False",
        ),
        (lambda a: a.set_total_count(-1, "1"), ValueError, "value=-1: must be"),
        (lambda a: a.set_total_count(1.5, "1"), TypeError, "value=1.5: must be an integer"),
        (lambda a: a.reset_running_count("1", comment=""), ValueError, "comment='': must be"),
        (
            lambda a: a.record_calibration("1", date_time=datetime(2026, 1, 2)),  # noqa: DTZ001 - the mistake under test
            ValueError,
            "date_time=.*: must have a time zone",
        ),
        (lambda a: a.record_maintenance("1", date_time="now"), TypeError, "date_time='now': must"),
        (lambda a: a.get_asset_log(orderby=""), ValueError, "orderby='': must be"),
        (lambda a: a.iter_asset_log(""), ValueError, "filter='': must be"),
        (lambda a: a.add_log_message("1", " "), ValueError, "message=' ': must be"),
        (lambda a: a.get_status("1", translate="no"), TypeError, "translate='no': must be"),
        (lambda a: a.get_status("1", culture_code=""), ValueError, "culture_code='': must be"),
        (lambda a: a.is_in_alarm("A"), TypeError, "asset='A': must be a Asset, not str"),
        (lambda a: a.get_assets_in_alarm(0), ValueError, "top=0: must be"),
        (lambda a: a.get_assets_in_warning(filter=""), ValueError, "filter='': must be"),
        (lambda a: a.get_asset_types(top=True), TypeError, "top=True: must be an integer"),
        (lambda a: a.iter_asset_types(""), ValueError, "filter='': must be"),
        (lambda a: a.create_asset_type(""), ValueError, "type_name='': must be"),
        (
            lambda a: a.create_asset_type("T", running_count_limit=-1),
            ValueError,
            "running_count_limit=-1: must be",
        ),
        (
            lambda a: a.create_asset_type("T", alarm_threshold=float("nan")),
            ValueError,
            "alarm_threshold=nan: must be a finite number",
        ),
        (lambda a: a.create_asset_type("T", icon=""), ValueError, "icon='': must be"),
        (lambda a: a.create_asset_type("T", type_id="7"), ValueError, "type_id='7': must be"),
        (lambda a: a.update_asset_type("T"), TypeError, "asset_type='T': must be a AssetType"),
        (
            lambda a: a.update_asset_type(AssetType(type_name="")),
            ValueError,
            "asset_type.type_name='': must be",
        ),
        (lambda a: a.upload_file("1", "", b"x"), ValueError, "filename='': must be"),
        (lambda a: a.upload_file("1", "f", b""), ValueError, "content is empty"),
        (lambda a: a.upload_file("1", "f", "x"), TypeError, "content: must be bytes, not str"),
        (lambda a: a.download_file("", "f"), ValueError, "asset_id='': must be"),
        (lambda a: a.list_files("."), ValueError, "assetId='.' cannot be a path segment"),
        (lambda a: a.delete_files("1", []), ValueError, "filenames=.*: must hold at least one"),
        (lambda a: a.delete_files("1", "f"), TypeError, "filenames='f': must be a sequence"),
        (lambda a: a.delete_files("1", [""]), ValueError, "filenames='': must be"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    api: pyWATS,
    sandbox: Sandbox,
    call: Callable[[object], object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=text):
        call(api.asset)
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda a: a.get_assets("nonsense nonsense"), BadRequestError, "not valid: nonsense"),
        (lambda a: a.create_asset("B", UUID(int=0)), BadRequestError, "The asset type with the id"),
        (
            lambda a: a.create_asset("B", TYPE_ID, parent_asset_id="gone"),
            BadRequestError,
            "The parent asset 'gone' does not exist",
        ),
        (
            lambda a: a.update_asset(
                Asset(serial_number="A", asset_id="other", type_id=UUID(TYPE_ID))
            ),
            ConflictError,
            "There is an asset 'A' already",
        ),
        (lambda a: a.create_asset_type("Fixture"), ConflictError, "an asset type 'Fixture'"),
        (lambda a: a.set_total_count(0, serial_number="gone"), NotFoundError, "'gone' does not"),
    ],
)
def test_refusals_of_the_server_are_typed(
    api: pyWATS,
    asset: Asset,
    call: Callable[[object], object],
    error: type[Exception],
    text: str,
) -> None:
    del asset
    with pytest.raises(error, match=text):
        call(api.asset)
