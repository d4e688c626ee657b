"""Compare the cost of pywats with the cost of its alternatives: see docs/benchmarks/README.md."""
