"""The console: the pages that officers, reviewers, auditors and administrators work with."""
