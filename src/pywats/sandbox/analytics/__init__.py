"""Analytics service of the sandbox."""
