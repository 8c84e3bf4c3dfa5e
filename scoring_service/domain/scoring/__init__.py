"""Fit, decayed behaviour, and what they add up to."""
