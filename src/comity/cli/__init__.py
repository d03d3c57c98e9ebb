"""Commands: one file for each noun, each a thin way into a node or, through the SDK, to a running one."""
