"""How the tables of comity.matching are learned from pairs and lists of names."""
