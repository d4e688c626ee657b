"""HTTP/1.1 over one connection, for code that blocks (RFC 9112)."""
