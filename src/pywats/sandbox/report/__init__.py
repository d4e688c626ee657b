"""Report service of the sandbox."""
