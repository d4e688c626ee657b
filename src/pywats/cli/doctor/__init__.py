"""``pywats doctor``: what may keep a station from working, and what to do about it."""

from pywats.cli.doctor.command import doctor

__all__ = ["doctor"]
