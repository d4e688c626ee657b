"""The configured propagator, and a replacement if a propagator's package is not installed.

`opentelemetry.propagate` loads the propagators of ``OTEL_PROPAGATORS`` when it is imported, and
raises if one of them is not installed. So it is imported only when it is needed.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

from pywats.observability.guard import report

if TYPE_CHECKING:
    from opentelemetry.propagators.textmap import TextMapPropagator

__all__ = ["propagator"]

_MODULE = "opentelemetry.propagate"

_stand_in: TextMapPropagator | None = None


def propagator() -> TextMapPropagator:
    """Return the global propagator.

    A propagator in ``OTEL_PROPAGATORS`` that cannot be loaded is left out, as the specification of
    the SDK's environment variables requires; the failure is logged once.

    Raises:
        Exception: The API fails.
    """
    module = sys.modules.get(_MODULE)
    if module is None:
        if _stand_in is not None:
            return _stand_in
        try:
            module = importlib.import_module(_MODULE)
        except Exception as error:  # noqa: BLE001 - the package of the propagator may raise anything
            report("loading the propagators that OTEL_PROPAGATORS names", error)
            return _make_stand_in()
    found: TextMapPropagator = module.get_global_textmap()
    return found


def _make_stand_in() -> TextMapPropagator:
    global _stand_in  # noqa: PLW0603 - a failed import is not tried again with every request
    # Imported here, because most programs do not need it.
    from opentelemetry.propagators.composite import CompositePropagator  # noqa: PLC0415

    names = [name.strip() for name in os.environ.get("OTEL_PROPAGATORS", "").split(",")]
    loaded = [_load(name) for name in names]
    _stand_in = CompositePropagator([each for each in loaded if each is not None])
    return _stand_in


def _load(name: str) -> TextMapPropagator | None:
    # Imported here, its only use: the import takes a seventh of the time of `import pywats`.
    from importlib.metadata import entry_points  # noqa: PLC0415

    try:
        (found,) = entry_points(group="opentelemetry_propagator", name=name)
        made: TextMapPropagator = found.load()()
    except Exception:  # noqa: BLE001 - the failed import was reported already
        return None
    return made
