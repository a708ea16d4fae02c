"""Measures how fast the program feels: python -m tests.benchmarks, or ``make bench``."""
