"""Base of the services: send a request, decode the response."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pywats.services.decoding import decode, decode_list, decode_or_sent, decode_undeclared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue, TypeAdapter

    from pywats.http.port import HttpPort, Request
    from pywats.models import WATSModel

__all__ = ["Calls", "json_array"]

T = TypeVar("T")
M = TypeVar("M", bound="WATSModel")


def json_array(models: Sequence[WATSModel]) -> bytes:
    """Encode models as one JSON array."""
    return b"[" + b",".join(model.to_wire_json() for model in models) + b"]"


class Calls:
    """The port, and one method for each kind of response."""

    def __init__(self, port: HttpPort) -> None:
        self._port = port

    def __setattr__(self, name: str, value: object) -> None:
        """Set a private attribute, or replace a method, for tests.

        Raises:
            AttributeError: Nothing would read the attribute.
        """
        kind = type(self)
        own = kind.__module__.partition(".")[0] == __name__.partition(".")[0]
        if own and not name.startswith("_") and not hasattr(kind, name):
            raise AttributeError(
                f"{kind.__name__!r} object has no attribute {name!r}: settings belong to the "
                "client, such as pyWATS.with_options(timeout=…)",
                name=name,
                obj=self,
            )
        super().__setattr__(name, value)

    async def _one(self, request: Request, adapter: TypeAdapter[T]) -> T:
        return decode(adapter, await self._port.send(request), request)

    async def _list(self, request: Request, adapter: TypeAdapter[list[T]]) -> list[T]:
        return decode_list(adapter, await self._port.send(request), request)

    async def _saved(self, request: Request, adapter: TypeAdapter[M], sent: M) -> M:
        return decode_or_sent(adapter, await self._port.send(request), request, sent)

    async def _undeclared(self, request: Request) -> JsonValue:
        return decode_undeclared(await self._port.send(request), request)

    async def _bytes(self, request: Request) -> bytes:
        return (await self._port.send(request)).content
