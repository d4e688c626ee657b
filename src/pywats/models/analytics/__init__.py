"""Models of the analytics service."""
