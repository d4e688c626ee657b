"""Synchronous faces of async objects."""
