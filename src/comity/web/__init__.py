"""Who comes in: the doors of a node, and what serves them."""
