"""Software service of the sandbox."""
