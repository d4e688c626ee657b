"""Wrap any async object: in its typed face if one is declared, otherwise in a wrapper."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from pywats.sync.faces.members import FACES, declared_face
from pywats.sync.faces.wrapper import SyncServiceWrapper

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from pywats.config import SyncConfig
    from pywats.sync.faces.face import Faces
    from pywats.sync.faces.family import SpanAttributes
    from pywats.sync.faces.repeatable import Repeatable
    from pywats.sync.runners.direct import Runner

__all__ = ["wrap"]

T = TypeVar("T")


def wrap(
    wrapped: T,
    config: SyncConfig | None = None,
    *,
    name: str | None = None,
    runner: Runner | None = None,
    faces: Faces | None = None,
    span_attributes: SpanAttributes | None = None,
    repeatable: Repeatable | None = None,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
) -> SyncServiceWrapper[T]:
    """Return the synchronous face of an async object.

    The face is an instance of the class that `sync_face` declared for the object's class or for a
    base class of it. If there is none, the face is a `pywats.SyncServiceWrapper`, and objects that
    come out of it get wrappers too. Type checkers always see a `pywats.SyncServiceWrapper`. To let
    them see the declared faces, import this function in a module of your own, generate the stub of
    that module with ``python -m pywats.sync.stubs --wrap``, and use the function from there.

    Pass a function without parameters for a client that must be created in a running event loop:
    ``wrap(lambda: aiohttp.ClientSession(), name="http")``, or, to keep the type of its face,
    ``SyncSession.made_by(aiohttp.ClientSession)``. A class can be wrapped too: then
    ``wrap(aiohttp.ClientSession, name="http")()`` creates the client.

    Args:
        wrapped: The async object, or a plain function without parameters that makes it.
        config: Timeouts and retries; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: Runs the coroutines; a `PortalRunner` if None.
        faces: Face classes for instances of more classes: a mapping, or a function that returns
            the face class for an object; None for no more.
        span_attributes: Returns attributes for the span of a call: a function of the method's
            name, its positional and its keyword arguments.
        repeatable: Names of the object's methods that may run twice, or a function that returns
            whether the method with a given name may. Other calls are not retried if they may have
            been executed; `pywats.repeatable` marks methods of your own classes.
        tracer_provider: Receives the spans; the global provider if None.
        meter_provider: Receives the metrics; the global provider if None.
    """
    settings: Any = {
        "name": name,
        "runner": runner,
        "faces": faces,
        "span_attributes": span_attributes,
        "repeatable": repeatable,
        "tracer_provider": tracer_provider,
        "meter_provider": meter_provider,
    }
    if _is_factory(wrapped):
        made: Any = SyncServiceWrapper.made_by(wrapped, config, **settings)
        return _wrapper(made)
    face: Any = declared_face(wrapped)
    if face is None:
        face = SyncServiceWrapper
        if not callable(faces):
            settings["faces"] = {**FACES, **(faces or {})}
    return _wrapper(face(wrapped, config, **settings))


def _wrapper(face: Any) -> SyncServiceWrapper[Any]:
    wrapper: SyncServiceWrapper[Any] = face
    return wrapper


def _is_factory(value: object) -> TypeGuard[Callable[[], Any]]:
    """Tell whether a value is a plain function that can be called without arguments."""
    partial = isinstance(value, functools.partial)
    function = value.func if isinstance(value, functools.partial) else value
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return False
    if not (partial or inspect.isfunction(function)) or not callable(value):
        return False
    try:
        inspect.signature(value).bind()
    except (TypeError, ValueError):
        return False
    return True
