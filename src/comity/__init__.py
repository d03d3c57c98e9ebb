"""Police organisations exchange records lawfully: look-ups, notices, and sealed messages between bureaus."""

__version__ = "0.1.0"
