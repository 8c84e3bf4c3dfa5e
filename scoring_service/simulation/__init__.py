"""Months of leads in seconds, through the same workflows that serve calls."""
