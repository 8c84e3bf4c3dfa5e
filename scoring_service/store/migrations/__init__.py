"""The schema, migration by migration; Alembic runs them."""
