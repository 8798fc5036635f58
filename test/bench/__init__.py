"""Benchmarks of the package and its peers: ``python test/bench/run.py``."""
