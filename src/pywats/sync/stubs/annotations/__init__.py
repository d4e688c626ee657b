"""Rewrite the annotations of an async class for its synchronous face."""
