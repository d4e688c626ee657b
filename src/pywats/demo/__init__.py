"""A demonstration of traced calls, against the sandbox: ``python -m pywats.demo``."""
