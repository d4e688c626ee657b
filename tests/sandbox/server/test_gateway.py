"""What the sandbox keeps and refuses before a route sees it."""

from __future__ import annotations

import io
import socket
import zipfile
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats.sandbox.server import gateway
from pywats.sandbox.software import package_contents

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.sandbox import Sandbox

LARGE = b"z" * 1000


def test_a_body_without_credentials_is_not_kept(sandbox: Sandbox) -> None:
    response = httpx.post(f"{sandbox.base_url}/x", content=LARGE)
    assert response.status_code == 401
    (request,) = sandbox.requests
    assert (request.body, request.dropped, request.status) == (b"", True, 401)
    response = httpx.get(f"{sandbox.base_url}/x")
    assert [each.dropped for each in sandbox.requests] == [True, False]


def test_a_body_beyond_the_limit_is_refused(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MAX_BODY", 999)
    headers = {"Authorization": f"Basic {sandbox.token}"}
    for size, status in ((999, 404), (1000, 413)):
        response = httpx.post(f"{sandbox.base_url}/x", content=LARGE[:size], headers=headers)
        assert response.status_code == status
    assert [len(each.body) for each in sandbox.requests] == [999, 0]


def test_a_request_whose_body_breaks_off_is_not_carried_out(api: pyWATS, sandbox: Sandbox) -> None:
    kind = api.asset.create_asset_type("Multimeter")
    assert kind.type_id is not None
    asset = api.asset.create_asset("DMM", kind.type_id)
    target = f"/api/internal/Blob/Asset?assetId={asset.asset_id}&filename=f"
    head = f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
    head += f"Authorization: Basic {sandbox.token}\r\n\r\n"
    url = httpx.URL(sandbox.base_url)
    with socket.create_connection((url.host, url.port or 80), 60) as connection:
        connection.sendall(f"{head}half".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert asset.asset_id is not None
    assert api.asset.list_files(asset.asset_id) == []


def archive(*files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for number, content in enumerate(files):
            opened.writestr(f"folder/{number}", content)
    return packed.getvalue()


def test_an_archive_that_unpacks_to_too_much_is_refused(
    api: pyWATS, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_contents, "MAX_UNPACKED", 1000)
    monkeypatch.setattr(package_contents, "_MAX_ENTRIES", 3)
    package = api.software.create_package("P")
    assert package.package_id is not None
    api.software.upload_zip(package.package_id, archive(b"x" * 400, b"y" * 600))
    for packed in (archive(b"x" * 1001), archive(b"", b"", b"", b"")):
        with pytest.raises(Exception, match="The zip file holds"):
            api.software.upload_zip(package.package_id, packed)
    assert sandbox.errors == []


def test_an_archive_that_cannot_be_read_is_refused(api: pyWATS, sandbox: Sandbox) -> None:
    package = api.software.create_package("P")
    assert package.package_id is not None
    good = archive(b"x" * 100)
    for position in range(0, len(good), 3):
        broken = bytearray(good)
        broken[position] ^= 0xFF
        try:
            api.software.upload_zip(package.package_id, bytes(broken))
        except ValueError:
            continue
    assert sandbox.errors == []
