"""How a database is made and moved from one release to the next: one numbered file per step, never changed later."""
