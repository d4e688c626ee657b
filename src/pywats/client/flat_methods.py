"""The methods of all services on one class; the generated stub declares their types."""

from __future__ import annotations

import functools
import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pywats.client.registry import PREFIXED, SERVICES, flat_names
from pywats.sync.faces.face import SyncFace, reconfigured
from pywats.sync.faces.signatures import with_sync_result
from pywats.validation import NOT_GIVEN, TimeoutOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.client.sync_client import pyWATS

__all__ = ["FlatMethods"]


class FlatMethods:
    """The methods of all services, each with a keyword ``timeout`` for one call."""

    _api: pyWATS


def _flat(name: str, service: str, method: str, function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    def call(
        self: FlatMethods, *args: Any, timeout: TimeoutOption = NOT_GIVEN, **kwargs: Any
    ) -> Any:
        api = self._api
        face: SyncFace[Any] = getattr(api, service)
        if timeout is not NOT_GIVEN:
            face = reconfigured(face, replace(api.config, timeout=timeout))
        return getattr(face, method)(*args, **kwargs)

    call.__name__ = name
    call.__qualname__ = f"{FlatMethods.__qualname__}.{name}"
    signature = inspect.signature(function)
    parameters = signature.parameters.values()
    timeout = inspect.Parameter(
        "timeout", inspect.Parameter.KEYWORD_ONLY, default=NOT_GIVEN, annotation="TimeoutOption"
    )
    call.__signature__ = signature.replace(parameters=[*parameters, timeout])  # type: ignore[attr-defined]  # inspect reads it
    with_sync_result(call, function)
    return call


for _name, (_service, _method) in flat_names(SERVICES, PREFIXED).items():
    setattr(
        FlatMethods, _name, _flat(_name, _service, _method, getattr(SERVICES[_service], _method))
    )
