"""A hub, a bureau: which parts each has, joined how."""
