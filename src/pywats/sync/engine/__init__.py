"""Run one synchronous call: attempts, clock, hooks."""
