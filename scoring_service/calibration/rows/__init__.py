"""Training rows: each lead as it was known at a scoring instant, from files and from the store."""
