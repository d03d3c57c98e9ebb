"""Where things lie, as the desks see it: the shape of each shelf; `storage` has the real ones."""
