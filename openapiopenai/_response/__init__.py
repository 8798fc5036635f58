"""What comes back: a response's body as a value, a stream, or an error."""
