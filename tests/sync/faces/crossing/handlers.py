"""A client that hands messages to handlers."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Message:
    def __init__(self, client: Client, data: str) -> None:
        self.client = client
        self.data = data

    def size(self) -> int:
        return len(self.data)

    async def acknowledge(self) -> None:
        await asyncio.sleep(0)
        self.client.acknowledged.append(self.data)


class Client:
    def __init__(self) -> None:
        self.handlers: list[Callable[..., Any]] = []
        self.acknowledged: list[str] = []
        self.last: Message | None = None
        self.texts: list[str] = []
        self.on_message: Callable[..., Any] | None = None

    def on(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        self.handlers.append(handler)
        return handler

    def when(self, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.handlers.append(handler)
            self.texts.append(text)
            return handler

        return register

    def off(self, handler: Callable[..., Any]) -> None:
        self.handlers.remove(handler)

    async def fire(self, data: str) -> list[Any]:
        self.last = Message(self, data)
        found = []
        assigned = [] if self.on_message is None else [self.on_message]
        for handler in [*self.handlers, *assigned]:
            result = handler(self, self.last, text="plain")
            found.append(await result if inspect.isawaitable(result) else result)
        return found
