"""Generate type stubs of synchronous faces from async classes.

::

    python -m pywats.sync.stubs package.module:AsyncMeter -o src/package/sync_meter.pyi

makes a stub with the class ``SyncMeter`` for the module that defines it::

    __all__ = ["SyncMeter"]

    @sync_face(AsyncMeter)
    class SyncMeter(SyncFace[AsyncMeter]):
        pass

Stubs depend on the classes alone: settings of retries, timeouts and correlation do not change
them. Of what a class declares under ``if TYPE_CHECKING`` or ``if sys.version_info``, they have the
branch that type checkers take, with the Python that makes the stub.
"""

from pywats.sync.stubs.files import bring_up_to_date
from pywats.sync.stubs.generate import face_name, flat_stub, stub
from pywats.sync.stubs.source.names import Origin

__all__ = ["Origin", "bring_up_to_date", "face_name", "flat_stub", "stub"]
