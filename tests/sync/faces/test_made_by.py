"""Clients that must be made in a running event loop."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any, Self

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import SyncFace, awaited, sync_face, unwrap, wrap

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.tracing import Spans


class Session:
    """As aiohttp's: asks for the running loop as it is made."""

    def __init__(self, base: str = "") -> None:
        self.loop = asyncio.get_running_loop()
        self.base = base

    async def get(self, path: str) -> str:
        assert asyncio.get_running_loop() is self.loop
        return f"{self.base}{path}"


class Untold(Session):
    """Has no declared face of its own."""


class Pool:
    """As asyncpg's: awaited to connect."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.opened = 0

    def __await__(self) -> Generator[Any, None, Self]:
        return self._open().__await__()

    async def _open(self) -> Self:
        self.opened += 1
        return self

    async def __aenter__(self) -> Self:
        return await self

    async def __aexit__(self, *_: object) -> None:
        self.opened = 0

    async def fetch(self) -> int:
        return self.opened


@sync_face(Session)
class SyncSession(SyncFace[Session]):
    """A typed face."""


async def make_session() -> Session:
    await asyncio.sleep(0)
    return Session("coroutine:")


MAKERS: dict[str, Any] = {
    "class": Session,
    "lambda": lambda: Session(),  # noqa: PLW0108 - as users write it
    "coroutine function": make_session,
    "partial": functools.partial(Session, "partial:"),
}


@pytest.mark.parametrize("how", MAKERS)
def test_made_by_a_factory_it_has_the_declared_face_and_the_name(how: str, spans: Spans) -> None:
    for kind in (SyncServiceWrapper, SyncSession):
        session: Any = kind.made_by(MAKERS[how], name="http")
        assert [type(session)] == [SyncSession]
        assert session.get("/").endswith("/")
        assert spans.finished[-1].name == "http.get"


@pytest.mark.parametrize("how", ["lambda", "partial"])
def test_wrap_makes_a_client_from_a_function(how: str) -> None:
    session: Any = wrap(MAKERS[how], name="http")
    assert [type(session)] == [SyncSession]
    assert session.get("/").endswith("/")


def test_a_wrapped_class_makes_clients_with_its_name(spans: Spans) -> None:
    session: Any = wrap(Session, name="http")()
    assert session.get("/") == "/"
    assert isinstance(wrap(Session)("base:"), SyncSession)
    made = SyncServiceWrapper(Untold, name="untold")("a:")
    assert type(made).__name__ == "SyncServiceWrapper"
    assert made.get("b") == "a:b"
    assert [span.name for span in spans.finished] == ["http.get", "untold.get"]


def test_a_function_that_needs_arguments_is_wrapped_as_it_is() -> None:
    async def double(number: int) -> int:
        return number * 2

    def plainly(number: int) -> Any:
        return double(number)

    assert wrap(double)(2) == 4
    assert wrap(plainly)(2) == 4
    assert wrap(functools.partial(plainly))(3) == 6


def test_a_pool_is_awaited_once_and_left_by_with() -> None:
    with SyncServiceWrapper.made_by(Pool) as pool:
        assert pool.fetch() == 1
        assert awaited(pool) is pool
    assert unwrap(pool).opened == 0


def test_a_factory_that_fails_is_asked_again_where_retries_are_on(spans: Spans) -> None:
    attempts: list[int] = []

    async def connect() -> Session:
        attempts.append(len(attempts))
        if len(attempts) < 3:
            raise ConnectionError("refused")
        return Session()

    with pytest.raises(ConnectionError):
        SyncServiceWrapper.made_by(connect)
    retry = RetryConfig(max_retries=3, max_backoff=0.001)
    config = SyncConfig(retry_enabled=True, retry=retry)
    assert SyncServiceWrapper.made_by(connect, config).get("/") == "/"
    assert attempts == [0, 1, 2]
    assert spans.finished[0].name == "connect.made_by"


def test_settings_are_checked_before_anything_is_made() -> None:
    with pytest.raises(TypeError, match="must be a SyncConfig"):
        SyncServiceWrapper.made_by(Session, 5)  # type: ignore[call-overload]  # the mistake under test
