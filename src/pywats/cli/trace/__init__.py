"""``pywats trace``: a trace from Jaeger or Tempo, as a waterfall."""

from pywats.cli.trace.command import trace

__all__ = ["trace"]
