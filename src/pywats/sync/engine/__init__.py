"""One synchronous call: attempts, clock, hooks."""
