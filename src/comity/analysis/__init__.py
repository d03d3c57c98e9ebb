"""What does it mean together? Questions to many records at once, answered as proposals for people to judge."""
