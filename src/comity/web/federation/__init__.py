"""The door for other nodes: signed bytes in, signed bytes out."""
