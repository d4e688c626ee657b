"""``pywats demo``."""

from pywats.cli.exits import needs_extra

__all__ = ["demo"]


def demo() -> None:
    """Play a production story in the terminal: one id from log line to trace.

    It brings its own server. With `pywats[otel]` installed the traces are shown too, and with
    OTEL_EXPORTER_OTLP_ENDPOINT set they are exported to your collector.
    """
    with needs_extra("sandbox"):
        from pywats.demo.__main__ import main  # noqa: PLC0415 - an extra
    main()
