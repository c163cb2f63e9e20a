"""Benchmarks against peers: every line is a ratio from one run, of CPU seconds or of bytes."""
