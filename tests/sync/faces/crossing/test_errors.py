"""Exceptions that hold async objects."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import SyncFace, face_of, sync_face, unwrap


class Response:
    async def read(self) -> str:
        await asyncio.sleep(0)
        return "body"


class StatusError(Exception):
    def __init__(self, response: Response) -> None:
        super().__init__("refused")
        self.response = response
        self._private = response
        self.status = 403


class Client:
    def __init__(self) -> None:
        self.error = StatusError(Response())

    async def ask(self) -> None:
        raise self.error

    async def __aenter__(self) -> None:
        raise self.error

    async def __aexit__(self, *_: object) -> None:
        """Do nothing."""


@sync_face(Client)
class SyncClient(SyncFace[Client]):
    """A typed face."""


@sync_face(Response)
class SyncResponse(SyncFace[Response]):
    """A typed face."""


NOTE = (
    "async methods of response are called without await like this: "
    "pywats.sync.face_of(wrapper, error.response)"
)


@pytest.fixture(params=[SyncServiceWrapper, SyncClient])
def client(request: pytest.FixtureRequest) -> Any:
    retries = RetryConfig(max_retries=2, max_backoff=0.01)
    return request.param(Client(), SyncConfig(retry_enabled=True, retry=retries))


def test_what_an_exception_holds_can_be_used(client: Any) -> None:
    with pytest.raises(StatusError):
        client.ask()
    with pytest.raises(StatusError) as caught:
        client.ask()
    error = caught.value
    assert error is unwrap(client).error
    assert type(error.response) is Response
    assert error.__notes__.count(NOTE) == 1
    assert sum("face_of" in note for note in error.__notes__) == 1
    response = face_of(client, error.response)
    assert response.read() == "body"
    assert face_of(client, response) is response
    assert face_of(client, 403) == 403
    with pytest.raises(StatusError) as entered, client:
        pass
    assert entered.value is error


def test_a_declared_face_is_found() -> None:
    client = SyncServiceWrapper(Client(), faces={Response: SyncResponse})
    assert isinstance(face_of(client, unwrap(client).error.response), SyncResponse)


def test_only_a_face_has_faces() -> None:
    with pytest.raises(TypeError, match="must be a synchronous face"):
        face_of(Client(), Response())  # type: ignore[arg-type]  # what is refused
