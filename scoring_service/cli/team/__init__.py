"""Reps and the leads that they hold."""
