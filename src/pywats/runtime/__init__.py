"""The process: forks and interrupts."""
