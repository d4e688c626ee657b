"""Production service of the sandbox."""
