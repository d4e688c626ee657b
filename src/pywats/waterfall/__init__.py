"""Draw a trace as a waterfall, in the terminal and as SVG, for the demo and ``pywats trace``."""

from pywats.waterfall.records import EventRecord, LogRecord, SpanRecord
from pywats.waterfall.svg import draw_svg
from pywats.waterfall.svg_narrow import draw_narrow_svg
from pywats.waterfall.terminal import waterfall

__all__ = ["EventRecord", "LogRecord", "SpanRecord", "draw_narrow_svg", "draw_svg", "waterfall"]
