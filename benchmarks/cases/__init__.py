"""One module per case: ``measure(base_url, scale)`` returns its result."""
