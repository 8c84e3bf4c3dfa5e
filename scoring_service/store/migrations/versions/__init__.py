"""One module a migration, named by its number; each runs the .sql file of its name.

A new store is made of those files alone, so whatever else a module does must do nothing in an empty
store.
"""
