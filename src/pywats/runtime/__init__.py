"""Handle forks, threads, signals and interrupts of the process."""
