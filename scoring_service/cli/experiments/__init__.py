"""Experiments on a store, and what came of their arms."""
