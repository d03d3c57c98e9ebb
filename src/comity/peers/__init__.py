"""How we reach other nodes: the line, and what is said over it."""
