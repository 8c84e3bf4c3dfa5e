"""Months of leads in seconds."""
