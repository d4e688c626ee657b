"""What a running call is and how it is told: ids, spans, metrics, log records."""
