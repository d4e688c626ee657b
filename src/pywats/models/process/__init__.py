"""Models of the process service."""
