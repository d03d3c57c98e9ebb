"""What nodes say to one another, as bytes: bytes in, verified object out."""
