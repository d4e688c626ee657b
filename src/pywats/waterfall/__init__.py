"""A trace as a waterfall, in the terminal and as a picture, for the demo and ``pywats trace``."""

from pywats.waterfall.records import EventRecord, SpanRecord
from pywats.waterfall.svg import draw_svg
from pywats.waterfall.terminal import waterfall

__all__ = ["EventRecord", "SpanRecord", "draw_svg", "waterfall"]
