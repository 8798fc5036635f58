"""The documents are held to what they say: examples run, links lead somewhere, tables are true."""
