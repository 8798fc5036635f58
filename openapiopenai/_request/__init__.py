"""What goes out: a request as a value, its body and its headers."""
