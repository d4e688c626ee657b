"""Product service of the sandbox."""
