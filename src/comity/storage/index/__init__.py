"""The index beside the database: by which numbers and names records are found. Derived: rebuilt from the shelves."""
