"""Give a synchronous face the members of an async class."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeVar

from pywats.sync.faces.objects.functions import stand_for
from pywats.sync.faces.protocols import install_protocols
from pywats.sync.faces.signatures import with_sync_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pywats.sync.faces.face import SyncFace

__all__ = ["FACES", "declared_face", "install", "sync_face"]

F = TypeVar("F", bound="SyncFace[Any]")

FACES: dict[type, type[SyncFace[Any]]] = {}
"""The face class that was declared last for each async class; see `pywats.sync.wrap`."""


def declared_face(wrapped: object) -> type[SyncFace[Any]] | None:
    """Return the face class declared for an object's class or for its nearest base class."""
    return next((FACES[kind] for kind in type(wrapped).__mro__ if kind in FACES), None)


def sync_face(
    of: type, *, nested: Iterable[type[SyncFace[Any]]] = ()
) -> Callable[[type[F]], type[F]]:
    """Decorate a subclass of `SyncFace`: give it the members of an async class.

    Args:
        of: The async class. Its public methods and properties become members of the face.
        nested: Face classes that are already decorated. Objects that come out of this face get
            them if they are instances of their async classes.

    Returns:
        The decorator.
    """

    def decorate(face: type[F]) -> type[F]:
        install(face, of)
        faces: list[type[SyncFace[Any]]] = [*nested, face]
        face._class_faces = {each._async_class: each for each in faces}  # noqa: SLF001 - its own base class
        FACES[of] = face
        return face

    return decorate


def install(face: type[SyncFace[Any]], of: type) -> None:
    """Add the members and protocols of an async class that the face does not define itself."""
    declared = {name for kind in of.__mro__ for name in inspect.get_annotations(kind)}
    for attribute in {*dir(of), *declared}:
        if not attribute.startswith("_") and not hasattr(face, attribute):
            member = inspect.getattr_static(of, attribute, None)
            setattr(face, attribute, _member(attribute, member))
    install_protocols(face, of)
    face._async_class = of  # noqa: SLF001 - its own base class


def _member(attribute: str, member: Any) -> Any:
    function = getattr(member, "__func__", member)
    if not inspect.isfunction(function):
        return _attribute(attribute, member)
    method = _method(attribute, function)
    if function is not member:
        # On the face, static and class methods are called through the wrapped object.
        signature = inspect.signature(function)
        given = list(signature.parameters.values())[isinstance(member, classmethod) :]
        only = given and given[0].kind is inspect.Parameter.POSITIONAL_ONLY
        kind = given[0].kind if only else inspect.Parameter.POSITIONAL_OR_KEYWORD
        itself = inspect.Parameter("self", kind)
        method.__signature__ = signature.replace(parameters=[itself, *given])  # type: ignore[attr-defined]  # inspect reads it
    with_sync_result(method, function)
    return method


def _attribute(attribute: str, member: Any) -> property:
    def read(self: Any) -> Any:
        return self._read(attribute)

    def write(self: Any, value: Any) -> None:
        setattr(self._wrapped, attribute, self._outward.inward(value))

    fixed = isinstance(member, property) and member.fset is None
    described = isinstance(member, property | functools.cached_property)
    return property(read, None if fixed else write, doc=member.__doc__ if described else None)


def _method(attribute: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._call_method(attribute, getattr(self._wrapped, attribute), args, kwargs)
        except BaseException:
            # The arguments may be credentials, and error trackers show the variables of frames.
            del args, kwargs
            raise

    stand_for(method, attribute)
    return method
