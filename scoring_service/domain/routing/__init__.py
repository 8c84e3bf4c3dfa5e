"""Which account, which route, whose turn."""
