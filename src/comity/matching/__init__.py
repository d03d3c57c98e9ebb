"""Are these two the same? Numbers in canonical form, persons by name and particulars, each answer with its reasons."""
