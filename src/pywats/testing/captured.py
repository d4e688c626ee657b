"""The requests that a client sent, in a form that is easy to check in a test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload
from urllib.parse import unquote

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox import RecordedRequest, Sandbox

__all__ = ["CapturedCall", "CapturedCalls"]


@dataclass(frozen=True, slots=True)
class CapturedCall:
    """One HTTP request that a client sent; each attempt of a call is a request.

    Attributes:
        method: HTTP method.
        path: Path, decoded.
        query: Names and values of the query, decoded; if a name occurs twice, the last value.
        headers: Lower-case names and values; credentials are replaced by ``REDACTED``.
        body: The body as it was sent.
        correlation_id: Value of the header X-Correlation-ID; None without this header.
        status: Status of the response; None without a response.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    correlation_id: str | None
    status: int | None

    @property
    def json(self) -> JsonValue:
        """The body, decoded.

        Raises:
            ValueError: The body is not a JSON document.
        """
        try:
            decoded: JsonValue = json.loads(self.body)
        except ValueError as error:
            raise ValueError(f"{self}: the body is not a JSON document ({error})") from None
        return decoded

    def __str__(self) -> str:
        """Return method and path: ``GET /api/Product/PCBA-100``."""
        return f"{self.method} {self.path}"


class CapturedCalls(Sequence[CapturedCall]):
    """The requests that a sandbox received, in their order; the list grows while the test runs.

    Args:
        sandbox: The server that the requests go to.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    @overload
    def __getitem__(self, index: int) -> CapturedCall: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[CapturedCall]: ...

    def __getitem__(self, index: int | slice) -> CapturedCall | Sequence[CapturedCall]:
        return self._now()[index]

    def __len__(self) -> int:
        return len(self._sandbox.requests)

    def __eq__(self, other: object) -> bool:
        """Compare with a list of calls, or of strings such as ``GET /api/Product/PCBA-100``."""
        if not isinstance(other, Sequence) or isinstance(other, str | bytes):
            return NotImplemented
        now = self._now()
        return len(now) == len(other) and all(
            (str(call) if isinstance(expected, str) else call) == expected
            for call, expected in zip(now, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return repr([str(call) for call in self._now()])

    def clear(self) -> None:
        """Forget the requests so far, for example the requests that set up the test."""
        self._sandbox.clear()

    def _now(self) -> list[CapturedCall]:
        return [_captured(request) for request in self._sandbox.requests]


def _captured(request: RecordedRequest) -> CapturedCall:
    return CapturedCall(
        method=request.method,
        path=unquote(request.path),
        query=dict(request.query),
        headers=dict(request.headers),
        body=request.body,
        correlation_id=request.header("x-correlation-id"),
        status=request.status,
    )
