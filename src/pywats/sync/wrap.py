"""One function for all async objects: a typed face where one is declared, a wrapper if not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pywats.sync.members import FACES
from pywats.sync.wrapper import SyncServiceWrapper

if TYPE_CHECKING:
    from pywats.config import SyncConfig
    from pywats.sync.face import Faces
    from pywats.sync.family import SpanAttributes
    from pywats.sync.runner import Runner

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
) -> SyncServiceWrapper[T]:
    """Return the synchronous face of an async object.

    It is of the class that `sync_face` has declared for the object's class, or for a base of it,
    and a `pywats.SyncServiceWrapper` if there is none. Type checkers take it for the latter; they
    know the faces of a module that imports this function and whose stub was generated with
    ``python -m pywats.sync.stubs --wrap``.

    Args:
        wrapped: The async object.
        config: How calls run; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: How coroutines run; a `PortalRunner` if None.
        faces: For more classes the face that their instances get on their way out, or a function
            that returns it for an object; None for none.
        span_attributes: Gives attributes to the span of a call: a function of the method's name,
            its positional and its keyword arguments.
    """
    declared = (FACES[kind] for kind in type(wrapped).__mro__ if kind in FACES)
    face: Any = next(declared, SyncServiceWrapper)
    wrapper: SyncServiceWrapper[T] = face(
        wrapped,
        config,
        name=name,
        runner=runner,
        faces=faces,
        span_attributes=span_attributes,
    )
    return wrapper
