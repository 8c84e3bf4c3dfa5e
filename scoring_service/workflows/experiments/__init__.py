"""Experiments: enrolling persons, and what came of the arms."""
