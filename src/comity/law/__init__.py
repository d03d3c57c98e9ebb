"""What may happen: agreements and rules as programs, decisions with reasons, and the one place that opens a box."""
