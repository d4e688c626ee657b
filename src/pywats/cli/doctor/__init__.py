"""``pywats doctor``: find what keeps a station from working, and say how to fix it."""

from pywats.cli.doctor.command import doctor

__all__ = ["doctor"]
