"""Who uses the records for what they are not for? What is unusual in the journal, compared with whom."""
