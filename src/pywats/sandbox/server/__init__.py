"""HTTP server of the sandbox: connections, faults, recording."""
