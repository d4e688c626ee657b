"""Generate type stubs of synchronous faces from async classes.

::

    python -m pywats.sync.stubs package.module:AsyncMeter -o src/package/sync_meter.pyi

makes a stub with the class ``SyncMeter``, for a module with this content::

    __all__ = ["SyncMeter"]

    @sync_face(AsyncMeter)
    class SyncMeter(SyncFace[AsyncMeter]):
        pass

Stubs depend only on the classes, not on settings such as retries and timeouts. If a class has
members under ``if TYPE_CHECKING`` or ``if sys.version_info``, the stub has the members of the
branch that type checkers take, for the version of Python that makes the stub.
"""

from pywats.sync.stubs.files import bring_up_to_date
from pywats.sync.stubs.generate import face_name, flat_stub, stub
from pywats.sync.stubs.source.names import Origin

__all__ = ["Origin", "bring_up_to_date", "face_name", "flat_stub", "stub"]
