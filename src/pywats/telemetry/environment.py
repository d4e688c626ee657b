"""Read from the environment which signals to export.

The SDK reads most of the standard variables itself. The code that sets the providers must read the
variables in this module.
"""

from __future__ import annotations

import os
from typing import Literal

from pywats.redaction import one_line

__all__ = ["Signal", "is_disabled", "is_exported"]

Signal = Literal["TRACES", "METRICS", "LOGS"]

_PROTOCOL = "http/protobuf"


def is_disabled() -> bool:
    """Return whether ``OTEL_SDK_DISABLED`` switches everything off."""
    return os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"


def is_exported(signal: Signal) -> bool:
    """Return whether a signal is exported over OTLP, or not at all.

    The protocol of one signal has precedence over the protocol for all signals, as the
    specification of OTLP exporters says.

    Args:
        signal: The signal, as in the names of the variables.

    Raises:
        ValueError: The environment names an exporter or a protocol that is not supported.
    """
    variable = f"OTEL_{signal}_EXPORTER"
    exporter = os.environ.get(variable, "").strip() or "otlp"
    if exporter not in {"otlp", "none"}:
        raise ValueError(
            f"{variable}={one_line(exporter)!r} in the environment: must be 'otlp' or 'none'"
        )
    if exporter == "none":
        return False
    for variable in (f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"):
        protocol = os.environ.get(variable, "").strip()
        if protocol == _PROTOCOL:
            break
        if protocol:
            raise ValueError(
                f"{variable}={one_line(protocol)!r} in the environment: must be "
                f"{_PROTOCOL!r}, which collectors serve on port 4318"
            )
    return True
