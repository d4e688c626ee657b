"""Typed faces of third-party clients: what type checkers know, and that it is so."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import aiosqlite

from tests.sync.clients.faces import check, write_faces

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

USES = """\
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import assert_type

import aiosqlite
import httpx
import redis.asyncio

import sync_aiosqlite
import sync_httpx
import sync_redis

sync_httpx.wrap(httpx.AsyncClient(), timeout=5)  # type: ignore[call-overload]
http = assert_type(sync_httpx.wrap(httpx.AsyncClient()), sync_httpx.SyncClient)
answer = assert_type(http.get("/", params={"a": "b"}), sync_httpx.SyncResponse)
assert_type(answer.status_code, int)
assert_type(http.stream("GET", "/"), AbstractContextManager[sync_httpx.SyncResponse])
assert_type(answer.aiter_lines(), Iterator[str])
http.gte("/")  # type: ignore[attr-defined]
with http as entered:
    assert_type(entered, sync_httpx.SyncClient)

store = assert_type(sync_redis.wrap(redis.asyncio.Redis()), sync_redis.SyncRedis)
assert_type(store.get("key"), bytes | str | None)
assert_type(store.pipeline(), sync_redis.SyncPipeline)
assert_type(store.pubsub(), sync_redis.SyncPubSub)

db = assert_type(sync_aiosqlite.wrap(aiosqlite.connect(":memory:")), sync_aiosqlite.SyncConnection)
assert_type(db.total_changes, int)
assert_type(db.execute("select 1"), sync_aiosqlite.SyncCursor)
"""


def test_type_checkers_know_the_faces(tmp_path: Path) -> None:
    for module in ("sync_httpx", "sync_redis", "sync_aiosqlite"):
        write_faces(tmp_path, module)
    (tmp_path / "uses.py").write_text(USES, encoding="utf-8")
    done = check(tmp_path, "mypy", "--strict", "uses.py", "sync_redis.pyi")
    assert done.stdout == "Success: no issues found in 2 source files\n", done.stderr


def test_a_typed_face_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_faces(tmp_path, "sync_aiosqlite")
    monkeypatch.syspath_prepend(tmp_path)
    faces: Any = importlib.import_module("sync_aiosqlite")
    monkeypatch.delitem(sys.modules, "sync_aiosqlite")
    with faces.wrap(aiosqlite.connect(tmp_path / "units.db")) as db:
        assert type(db) is faces.SyncConnection
        db.execute("create table units (serial text)")
        with db.execute("insert into units values ('a') returning serial") as cursor:
            assert type(cursor) is faces.SyncCursor
            assert list(cursor) == [("a",)]
