"""A trace as a waterfall in the terminal, for the demo and ``pywats trace``."""

from pywats.waterfall.drawing import waterfall
from pywats.waterfall.records import EventRecord, SpanRecord

__all__ = ["EventRecord", "SpanRecord", "waterfall"]
