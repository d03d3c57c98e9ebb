"""What one may ask of a node: one class per desk, one method per request, one transaction."""
