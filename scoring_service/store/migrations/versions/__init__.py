"""One module a migration, named by its number; each runs the .sql file of its name."""
