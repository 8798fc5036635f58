"""The endpoints, and how a call is described."""
