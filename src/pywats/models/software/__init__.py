"""Models of the software service."""
