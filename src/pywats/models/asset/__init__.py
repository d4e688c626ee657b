"""Models of the asset service."""
