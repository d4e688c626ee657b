"""Make decisions without I/O: retries, retry budget, circuit breaker."""
