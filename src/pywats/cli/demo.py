"""``pywats demo``."""

from pywats.cli.exits import needs_extra
from pywats.cli.picture import PictureFile

__all__ = ["demo"]


def demo(*, svg: PictureFile = None) -> None:
    """Play a production story in the terminal: one id from log line to trace.

    It brings its own server. With `pywats[otel]` installed the traces are shown too, and with
    OTEL_EXPORTER_OTLP_ENDPOINT set they are exported to your collector.
    """
    with needs_extra("sandbox"):
        from pywats.demo.__main__ import main  # noqa: PLC0415 - an extra
    if svg is not None:
        with needs_extra("otel"):
            import opentelemetry.sdk  # noqa: F401, PLC0415 - an extra
    main(svg)
