"""The JSON door of a bureau: for its officers' tools and its national systems."""
