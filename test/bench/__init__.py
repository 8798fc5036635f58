"""What the package costs, beside its peers: ``python test/bench/run.py``."""
