"""The synchronous faces of the services; the generated stub declares their types."""

# pyright: reportUnsupportedDunderAll=false
# The names in __all__ are created when they are first used; the stub declares them.
from __future__ import annotations

from typing import Any

from pywats import services
from pywats.runtime.fork_gate import importing
from pywats.sync import SyncFace, sync_face

__all__ = [  # noqa: F822 - see above
    "SyncAnalyticsService",
    "SyncAssetService",
    "SyncBoxBuildTemplate",
    "SyncProcessService",
    "SyncProductService",
    "SyncProductionService",
    "SyncReportService",
    "SyncRootCauseService",
    "SyncScimService",
    "SyncSoftwareService",
]

_NESTED = {"SyncProductService": ["SyncBoxBuildTemplate"]}


def __getattr__(name: str) -> type[SyncFace[Any]]:
    """Make the face when it is first used (PEP 562), which imports its service."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with importing():
        return _make(name)


def _make(name: str) -> type[SyncFace[Any]]:
    of: type = getattr(services, name.removeprefix("Sync"))
    members = {
        "__doc__": f"The synchronous face of `pywats.services.{of.__name__}`.",
        "__module__": __name__,
    }
    nested = [__getattr__(each) for each in _NESTED.get(name, ())]
    made = sync_face(of, nested=nested)(type(name, (SyncFace,), members))
    # setdefault: if two threads make the face at once, both get the same class.
    face: type[SyncFace[Any]] = globals().setdefault(name, made)
    return face


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
