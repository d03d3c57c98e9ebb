"""What bureaus need to try Comity and test their own adapters: fictitious records, a federation in memory."""
