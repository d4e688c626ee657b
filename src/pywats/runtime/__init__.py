"""Forks, threads, signals and interrupts of the process."""
