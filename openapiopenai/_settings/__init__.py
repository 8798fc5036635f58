"""The parts of a configuration: checks, credentials, and what it logs and shows."""
