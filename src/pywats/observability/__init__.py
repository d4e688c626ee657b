"""The state of a running call, and its ids, spans, metrics and log records."""
