"""A year of a fictitious bureau's journal with misuse planted in it, for trying what finds misuse."""
