"""Prepare exceptions that leave a call of a face."""

from __future__ import annotations

from pywats.sync.engine.trim_traceback import shorten
from pywats.sync.faces.objects.introspection import is_async_class

__all__ = ["prepare"]


def prepare(error: BaseException) -> None:
    """Shorten the traceback, and add a note if attributes of the error have async methods.

    The exception and its attributes are not replaced, so that ``except`` and ``isinstance`` work.
    So the response in ``error.response`` is an async object, and the note shows how to read it.
    """
    shorten(error)
    names = [
        name
        for name, value in list(getattr(error, "__dict__", {}).items())
        if name[:1] != "_" and is_async_class(type(value))
    ]
    if names:
        note = (
            f"async methods of {', '.join(names)} are called without await like this: "
            f"pywats.sync.face_of(wrapper, error.{names[-1]})"
        )
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)
