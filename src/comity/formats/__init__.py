"""Other people's formats, in and out: files of records, published lists, machine-readable zones."""
