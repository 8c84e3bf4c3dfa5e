"""What is in a store: migrated, checked, worked off, read."""
