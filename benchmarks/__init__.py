"""What pywats costs, beside what one would use in its place: see docs/benchmarks/README.md."""
