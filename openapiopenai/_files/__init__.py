"""The audio file of a request: its name, content type and bytes."""
