"""Models of the rootcause service."""
