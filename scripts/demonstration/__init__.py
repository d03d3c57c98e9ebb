"""The demonstration: a federation founded on this machine, and one day of it told step by step."""
