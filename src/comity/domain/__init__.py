"""What exists: the things police organisations exchange, as values that cannot be wrong."""
