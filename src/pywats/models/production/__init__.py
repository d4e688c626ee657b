"""Models of the production service."""
