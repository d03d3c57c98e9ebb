"""Where things lie: one database per node, one shelf per subject, one transaction over all of them."""
