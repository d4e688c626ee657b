"""Serial numbers that the server hands out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.models import SerialNumberFormat, SerialNumberIdentifier, SerialNumberRange
from tests.services.bench import START

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

PUBLIC = "/api/Production/SerialNumbers"
INTERNAL = "/api/internal/Production/SerialNumbers"
MAC = "serialNumberType=MACAddress"
DAY = timedelta(days=1)
BEFORE, AFTER = "2026-01-01T03%3A04%3A05%2B00%3A00", "2026-01-03T03%3A04%3A05%2B00%3A00"


async def numbers_are_taken(bench: Bench) -> None:
    mac, plain = await bench.call("get_serial_number_types")
    assert bench.sent == [f"GET {PUBLIC}/Types"]
    assert (mac.name, mac.identifier) == ("MACAddress", SerialNumberIdentifier.MAC_ADDRESS)
    assert (plain.name, plain.identifier) == ("SerialNumber", SerialNumberIdentifier.SERIAL_NUMBER)
    assert await bench.call("take_serial_numbers", "SerialNumber") == ["SN-000000"]
    assert bench.sent == [f"POST {PUBLIC}/Take?serialNumberType=SerialNumber&quantity=1&format=XML"]
    taken = await bench.call(
        "take_serial_numbers", "MACAddress", 2, "S/1", "A", "ST 1", only_in_sequence=True
    )
    assert bench.sent == [
        f"POST {PUBLIC}/Take?{MAC}&quantity=2&refSN=S%2F1&refPN=A&stationName=ST%201"
        "&onlyInSequence=true&format=XML"
    ]
    assert taken == ["00-11-22-00-00-00", "00-11-22-00-00-01"]
    assert await bench.call("allocate_serial_numbers", "MACAddress", 1, None, "A") == [
        "00-11-22-00-00-02"
    ]
    found = await bench.call("find_serial_numbers_by_reference", "MACAddress", "S/1")
    assert bench.sent == [f"GET {PUBLIC}/ByReference?{MAC}&refSN=S%2F1"]
    assert [each.serial_number for each in found] == taken
    assert {(each.reference_serial_number, each.reference_part_number) for each in found} == {
        ("S/1", "A")
    }
    assert {each.station_name for each in found} == {"ST 1"}
    assert all(each.taken > START for each in found)
    assert (
        len(
            await bench.call(
                "find_serial_numbers_by_reference",
                "MACAddress",
                None,
                "A",
                start_date=START - DAY,
                end_date=START + DAY,
            )
        )
        == 3
    )
    assert bench.sent == [
        f"GET {PUBLIC}/ByReference?{MAC}&refPN=A&startDate={BEFORE}&endDate={AFTER}"
    ]


async def numbers_are_reserved_and_freed(bench: Bench) -> None:
    reserved = await bench.call("reserve_serial_numbers", "MACAddress", 3)
    asked = f"GET /api/internal/Production/GetAndReserveNewSerialNumbers?{MAC}&requestType=Reserve"
    assert bench.sent == [
        f"{asked}&batchSize=3&onlyInSequence=false&refSN=&refPN=&siteName=&stationName=&format=XML"
    ]
    assert reserved == [f"00-11-22-00-00-0{digit}" for digit in range(3)]
    assert await bench.call("take_serial_numbers", "MACAddress") == ["00-11-22-00-00-03"]
    (whole,) = await bench.call("get_serial_number_ranges", "MACAddress")
    assert bench.sent == [f"GET {INTERNAL}/Ranges?{MAC}"]
    assert (whole.start_address, whole.end_address) == ("00-11-22-00-00-00", "00-11-22-00-00-63")
    assert (whole.total, whole.free, whole.taken, whole.reserved) == (100, 96, 1, 3)
    assert len(await bench.call("get_serial_number_ranges")) == 2
    part = SerialNumberRange(
        type="MACAddress", start_address=reserved[1], end_address="00-11-22-00-00-03"
    )
    assert await bench.call("free_serial_numbers", [part]) == 2
    assert bench.sent == [f"PUT {INTERNAL}/Free"]
    assert bench.last == [
        {
            "type": "MACAddress",
            "startAddress": "00-11-22-00-00-01",
            "endAddress": "00-11-22-00-00-03",
        }
    ]
    assert await bench.call("get_serial_number_statistics", "MACAddress") == [
        {"serialNumberType": "MACAddress", "total": 100, "free": 98, "taken": 1, "reserved": 1}
    ]
    assert bench.sent == [f"GET {INTERNAL}/Statistics?{MAC}"]
    assert len(await bench.call("get_serial_number_statistics")) == 2
    assert await bench.call(
        "reserve_serial_numbers",
        "MACAddress",
        3,
        only_in_sequence=True,
        reference_sn="S",
        reference_pn="A",
        site_name="X",
        station_name="ST",
    ) == [f"00-11-22-00-00-0{digit}" for digit in range(4, 7)]
    assert bench.sent == [
        f"{asked}&batchSize=3&onlyInSequence=true&refSN=S&refPN=A&siteName=X&stationName=ST"
        "&format=XML"
    ]


async def numbers_are_found(bench: Bench) -> None:
    first, last = "00-11-22-00-00-0A", "00-11-22-00-00-0C"
    asked = f"{MAC}&startAddress={first}&endAddress={last}"
    in_range = await bench.call("find_serial_numbers_in_range", "MACAddress", first, last)
    assert bench.sent == [f"GET {PUBLIC}/ByRange?{asked}"]
    assert [each.serial_number for each in in_range] == [first, "00-11-22-00-00-0B", last]
    assert {each.taken for each in in_range} == {None}
    period = (START - DAY, START + DAY)
    assert await bench.call("find_serial_numbers", "MACAddress", first, last, *period) == in_range
    assert bench.sent == [f"GET {INTERNAL}?{asked}&startDate={BEFORE}&endDate={AFTER}"]
    assert (
        await bench.call(
            "find_serial_numbers_in_range", "MACAddress", first, last, end_date=START - DAY
        )
        == []
    )
    assert bench.sent == [f"GET {PUBLIC}/ByRange?{asked}&endDate={BEFORE}"]
    assert await bench.call("get_serial_number_count", "MACAddress") == 100
    assert bench.sent == [f"GET {INTERNAL}/Count?{MAC}"]
    assert await bench.call("get_serial_number_count", "MACAddress", first, last, *period) == 3
    assert bench.sent == [f"GET {INTERNAL}/Count?{asked}&fromDate={BEFORE}&toDate={AFTER}"]


async def files_of_numbers(bench: Bench) -> None:
    content = b"serialNumber\r\nSN-000099\r\nSN-000100\r\n"
    assert await bench.call("import_serial_numbers", "SerialNumber", content) == ["SN-000099"]
    assert bench.sent == [f"PUT {PUBLIC}?serialNumberType=SerialNumber&format=CSV"]
    (request,) = bench.requests
    assert (request.header("content-type") or "").startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="serial_numbers.csv"' in request.body
    assert b"\r\n\r\n" + content + b"\r\n--" in request.body
    document = await bench.call(
        "export_serial_numbers",
        "SerialNumber",
        SerialNumberFormat.XML,
        start_address="SN-000099",
        end_address="SN-000100",
        start_date=START - DAY,
        end_date=START + DAY,
    )
    assert bench.sent == [
        f"GET {PUBLIC}?serialNumberType=SerialNumber&format=XML&startAddress=SN-000099"
        f"&endAddress=SN-000100&startDate={BEFORE}&endDate={AFTER}"
    ]
    assert bench.requests[0].header("accept") == "*/*"
    more = document.replace(b"SN-000100", b"SN-000101")
    assert await bench.call("import_serial_numbers", "SerialNumber", more, "xml") == ["SN-000099"]
    assert bench.sent == [f"PUT {PUBLIC}?serialNumberType=SerialNumber&format=XML"]
    table = await bench.call("export_serial_numbers", "SerialNumber", start_address="SN-000100")
    assert bench.sent == [
        f"GET {PUBLIC}?serialNumberType=SerialNumber&format=CSV&startAddress=SN-000100"
    ]
    assert table == (b"serialNumber,taken,refSN,refPN,refStn\r\nSN-000100,,,,\r\nSN-000101,,,,\r\n")


SERIAL_NUMBERS: list[Scenario] = [
    numbers_are_taken,
    numbers_are_reserved_and_freed,
    numbers_are_found,
    files_of_numbers,
]
