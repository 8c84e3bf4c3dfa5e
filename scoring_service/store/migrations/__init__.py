"""The schema, migration by migration. Alembic runs them, but for a new store."""
