from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from pywats.errors import BadRequestError
from pywats.models import SerialNumberRange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

PUBLIC = "/api/Production"
INTERNAL = "/api/internal/Production"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    auth = (sandbox.username, sandbox.password)
    with httpx.Client(base_url=sandbox.base_url, auth=auth) as made:
        yield made


def test_numbers_with_a_gap_are_two_ranges(api: pyWATS) -> None:
    api.production.import_serial_numbers("SerialNumber", b"SN-000200\nSN-000201\n")
    first, second = api.production.get_serial_number_ranges("SerialNumber")
    assert (first.end_address, second.start_address, second.total) == (
        "SN-000099",
        "SN-000200",
        2,
    )
    api.production.take_serial_numbers("SerialNumber", 99)
    assert api.production.take_serial_numbers("SerialNumber", 2, only_in_sequence=True) == [
        "SN-000200",
        "SN-000201",
    ]


def test_a_taken_number_is_not_freed(api: pyWATS) -> None:
    taken = api.production.take_serial_numbers("MACAddress")
    whole = SerialNumberRange(type="MACAddress", start_address=taken[0], end_address=taken[0])
    assert api.production.free_serial_numbers([whole]) == 0
    found = api.production.find_serial_numbers_in_range("MACAddress", taken[0], taken[0])
    assert [each.taken is None for each in found] == [False]


def test_numbers_have_the_format_of_their_type(api: pyWATS) -> None:
    with pytest.raises(BadRequestError, match="'12' is not in the format of MACAddress"):
        api.production.import_serial_numbers("MACAddress", b"12")
    with pytest.raises(BadRequestError, match="'zz' is not a serial number"):
        api.production.find_serial_numbers_in_range("MACAddress", "zz", "zz")


@pytest.mark.parametrize(
    ("content", "form"),
    [(b"<Other/>", "XML"), (b"<SerialNumbers><SN/></SerialNumbers>", "XML"), (b"\xff", "CSV")],
)
def test_other_files_are_refused(api: pyWATS, content: bytes, form: str) -> None:
    with pytest.raises(BadRequestError, match=f"The file is no {form} file of serial numbers"):
        api.production.import_serial_numbers("SerialNumber", content, form)


REFUSED = [
    (
        "GET",
        f"{PUBLIC}/SerialNumbers?serialNumberType=MACAddress&format=PDF",
        "The format 'PDF' is neither XML nor CSV.",
    ),
    (
        "POST",
        f"{PUBLIC}/SerialNumbers/Take?serialNumberType=MACAddress&quantity=0",
        "The quantity must be 1 or more.",
    ),
    (
        "GET",
        f"{PUBLIC}/SerialNumbers/ByReference?serialNumberType=MACAddress",
        "Either refSN or refPN is required.",
    ),
    (
        "GET",
        f"{PUBLIC}/SerialNumbers/ByReference?serialNumberType=MACAddress&refSN=S&startDate=now",
        "'now' is not a time.",
    ),
    (
        "GET",
        f"{INTERNAL}/GetAndReserveNewSerialNumbers?serialNumberType=MACAddress&requestType=Keep"
        "&batchSize=1&onlyInSequence=false&refSN=&refPN=&siteName=&stationName=&format=XML",
        "The requestType is neither Take nor Reserve.",
    ),
    (
        "GET",
        f"{INTERNAL}/GetAndReserveNewSerialNumbers?format=XML",
        "The refSN parameter is required.",
    ),
    (
        "PUT",
        f"{INTERNAL}/SerialNumbers/Free",
        "The request is invalid.",
    ),
]


@pytest.mark.parametrize(("method", "target", "message"), REFUSED)
def test_requests_without_what_is_required_are_refused(
    client: httpx.Client, method: str, target: str, message: str
) -> None:
    client.post(f"{PUBLIC}/SerialNumbers/Take?serialNumberType=MACAddress&quantity=1&refSN=S")
    response = client.request(method, target)
    assert (response.status_code, response.json()) == (400, {"Message": message})


def test_the_other_api_takes_numbers_too(client: httpx.Client) -> None:
    response = client.get(
        f"{INTERNAL}/GetAndReserveNewSerialNumbers?serialNumberType=MACAddress&requestType=Take"
        "&batchSize=1&onlyInSequence=false&refSN=&refPN=&siteName=&stationName=&format=CSV"
    )
    assert response.headers["content-type"].startswith("text/csv")
    assert response.text.splitlines()[1].startswith("00-11-22-00-00-00,2")


def test_serial_numbers_are_uploaded_in_a_form_with_a_file(client: httpx.Client) -> None:
    target = f"{PUBLIC}/SerialNumbers?serialNumberType=SerialNumber&format=CSV"
    response = client.put(target, content=b"SN-000100")
    assert (response.status_code, response.json()) == (
        400,
        {"Message": "The request must be multipart/form-data."},
    )
    headers = {"content-type": "multipart/form-data; boundary=b"}
    response = client.put(target, content=b"--b\r\n\r\nSN-000100\r\n--b--\r\n", headers=headers)
    assert (response.status_code, response.json()) == (
        400,
        {"Message": "The form must hold one file."},
    )


def test_times_without_a_zone_are_in_utc(client: httpx.Client) -> None:
    taken = f"{PUBLIC}/SerialNumbers/Take?serialNumberType=MACAddress&quantity=1&refSN=S"
    client.post(taken)
    found = f"{PUBLIC}/SerialNumbers/ByReference?serialNumberType=MACAddress&refSN=S"
    assert len(client.get(f"{found}&startDate=2000-01-01T00:00:00").json()) == 1
    assert client.get(f"{found}&endDate=2000-01-01T00:00:00").json() == []
