"""Who holds the private keys."""
