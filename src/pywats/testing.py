"""What tests of code that uses pywats need; `pywats.sandbox` has a server for them."""

from pywats.sync.pause import no_backoff

__all__ = ["no_backoff"]
