"""Uploads tell how many bytes were sent, and send the same bytes as uploads that do not tell."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from pywats import AsyncWATS, RetryConfig, SyncClientConfig, SyncWATSClient
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

PIECE = 64 * 1024
CONTENT = bytes(range(256)) * 1000
ROUTE = "/api/internal/Blob/Asset"


class Told:
    """What a function for ``progress=`` is called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int | None]] = []

    def __call__(self, done: int, total: int | None) -> None:
        self.calls.append((done, total))


def expected(size: int) -> list[tuple[int, int | None]]:
    return [(done, size) for done in (*range(PIECE, size, PIECE), size)]


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        into.writestr("bin/firmware.bin", CONTENT)
    return packed.getvalue()


@pytest.fixture
def asset(api: pyWATS) -> str:
    kind = api.asset.create_asset_type("Multimeter")
    assert kind.type_id is not None
    made = api.asset.create_asset("DMM", kind.type_id)
    assert made.asset_id is not None
    return str(made.asset_id)


def uploads(api: pyWATS, asset: str) -> dict[str, Callable[..., object]]:
    package = api.software.create_package("Firmware")
    assert package.package_id is not None
    return {
        "asset": partial(api.asset.upload_file, asset, "large.bin", CONTENT),
        "package": partial(api.software.upload_zip, package.package_id, archive()),
        "attachment": partial(api.rootcause.upload_attachment, CONTENT, "scope.png"),
        "numbers": partial(
            api.production.import_serial_numbers,
            "SerialNumber",
            "".join(f"SN-{number:06}\n" for number in range(20_000)).encode(),
        ),
    }


@pytest.mark.parametrize("name", ["asset", "package", "attachment", "numbers"])
def test_a_function_is_told_of_each_piece_of_the_body(
    api: pyWATS, sandbox: Sandbox, asset: str, name: str
) -> None:
    upload = uploads(api, asset)[name]
    told = Told()
    upload(progress=told)
    (size,) = {total for _, total in told.calls}
    assert size is not None
    assert size > len(CONTENT) // 2
    assert told.calls == expected(size)
    assert sandbox.requests[-1].header("content-length") == str(size)


async def test_an_async_upload_tells_too(asset: str, sandbox: Sandbox) -> None:
    told = Told()
    async with AsyncWATS(sandbox.base_url, sandbox.token) as wats:
        await wats.asset.upload_file(asset, "large.bin", CONTENT, progress=told)
        assert await wats.asset.download_file(asset, "large.bin") == CONTENT
    assert told.calls == expected(len(CONTENT))


def test_the_flat_client_tells_too(asset: str, sandbox: Sandbox) -> None:
    told = Told()
    with SyncWATSClient(SyncClientConfig(sandbox.base_url, sandbox.token)) as client:
        client.upload_file(asset, "large.bin", CONTENT, progress=told, timeout=60)
        assert client.download_file(asset, "large.bin") == CONTENT
    assert told.calls == expected(len(CONTENT))


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1])
def test_a_body_of_any_size_arrives_whole_and_is_told_to_its_end(
    api: pyWATS, sandbox: Sandbox, asset: str, size: int
) -> None:
    content = CONTENT[:size]
    told = Told()
    api.asset.upload_file(asset, "told", content, progress=told)
    api.asset.upload_file(asset, "plain", content)
    with_progress, without = sandbox.requests[-2:]
    assert with_progress.body == without.body == content
    assert told.calls == expected(size)
    assert api.asset.download_file(asset, "told") == content
    names = [name for name, _ in without.headers]
    assert [name for name, _ in with_progress.headers] == names
    assert with_progress.header("content-length") == without.header("content-length")


def test_a_retry_begins_again(api: pyWATS, sandbox: Sandbox, asset: str) -> None:
    told = Told()
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    patient = api.with_options(retry_config=RetryConfig(max_backoff=0.01))
    patient.asset.upload_file(asset, "large.bin", CONTENT, progress=told)
    assert told.calls == expected(len(CONTENT)) * 2


def test_what_the_function_raises_ends_the_upload(
    api: pyWATS, sandbox: Sandbox, asset: str
) -> None:
    def cancel(done: int, _: int | None) -> None:
        raise LookupError(f"cancelled at {done}")

    before = len(sandbox.requests)
    patient = api.with_options(retry_config=RetryConfig(max_backoff=0.01))
    with pytest.raises(LookupError, match=f"cancelled at {PIECE}"):
        patient.asset.upload_file(asset, "large.bin", CONTENT, progress=cancel)
    assert api.asset.list_files(asset) == []
    assert [request.method for request in sandbox.requests[before:]].count("POST") <= 1


def test_true_shows_a_bar(api: pyWATS, asset: str, capsys: pytest.CaptureFixture[str]) -> None:
    api.asset.upload_file(asset, "large.bin", CONTENT, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.split()[0] == "bytes"
    assert f"{len(CONTENT)}/{len(CONTENT)}" in err


@pytest.mark.parametrize("wrong", [1, "yes", None])
def test_other_values_are_refused_before_anything_is_sent(
    api: pyWATS, sandbox: Sandbox, asset: str, wrong: Any
) -> None:
    before = len(sandbox.requests)
    with pytest.raises(TypeError, match="progress=.*must be True, False or a function"):
        api.asset.upload_file(asset, "f", b"x", progress=wrong)
    assert len(sandbox.requests) == before
