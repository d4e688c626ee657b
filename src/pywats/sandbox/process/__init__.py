"""Process service of the sandbox."""
