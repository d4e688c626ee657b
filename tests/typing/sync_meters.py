"""Synchronous faces; their types are in the generated stub beside this."""

from __future__ import annotations

from typing import Generic, TypeVar

from pywats.sync import SyncFace, sync_face
from tests.typing.meters import AsyncMeter, AsyncReadings, AsyncSlot

__all__ = ["SyncMeter", "SyncReadings", "SyncSlot"]

T = TypeVar("T")


@sync_face(AsyncSlot)
class SyncSlot(SyncFace[AsyncSlot]):
    pass


@sync_face(AsyncReadings)
class SyncReadings(SyncFace[AsyncReadings[T]], Generic[T]):
    pass


@sync_face(AsyncMeter, nested=[SyncSlot])
class SyncMeter(SyncFace[AsyncMeter]):
    pass
