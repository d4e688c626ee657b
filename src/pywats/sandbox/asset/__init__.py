"""Asset service of the sandbox."""
