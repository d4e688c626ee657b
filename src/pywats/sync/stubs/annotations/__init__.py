"""Annotations of an async class, rewritten for its synchronous face."""
