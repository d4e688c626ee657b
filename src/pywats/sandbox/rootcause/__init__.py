"""Rootcause service of the sandbox."""
