"""A production story, told against the sandbox: ``python -m pywats.demo``."""
